"use client";

import {
  Alert,
  Card,
  Group,
  Progress,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  VisuallyHidden,
} from "@mantine/core";
import { formatCount, formatDuration } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import type { Job } from "@/lib/contracts/jobs";
import { JobControls } from "./job-controls";
import { JobStateBadge } from "./job-state-badge";
import { RecentErrors } from "./recent-errors";
import { RetryNote } from "./retry-note";
import { countedBy, isActive, phaseWords } from "./states";
import { useLiveJob } from "./use-live-job";

/** How far a job is: phase, counts, rate and time left, live. The page can be left at any time. */
export function ProgressPanel({ jobId }: { jobId: string }) {
  const job = useLiveJob(jobId);
  if (job.isPending) return <Skeleton height={190} radius="lg" />;
  if (job.isError && !job.data) {
    return (
      <ProblemAlert
        error={job.error}
        title="The progress could not be loaded"
        onRetry={() => void job.refetch()}
      />
    );
  }
  const { data } = job;
  return (
    <Card
      padding="lg"
      component="section"
      aria-label="Progress"
      style={{ background: "var(--ferry-surface)" }}
    >
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Stack gap={2} style={{ minWidth: 0 }}>
            <Text fw={600} fz="lg">
              {isActive(data) ? phaseWords(data.phase) : data.title}
            </Text>
            <Text size="sm" c="dimmed">
              {subtitle(data)}
            </Text>
          </Stack>
          <JobStateBadge state={data.state} />
        </Group>
        <Progress.Root size="lg" radius="xl">
          <Progress.Section
            value={data.percentage}
            animated={isActive(data)}
            aria-label={`Progress of ${data.title}`}
          />
        </Progress.Root>
        <Numbers job={data} />
        {data.retry ? <RetryNote retry={data.retry} /> : null}
        {data.notice ? (
          <Alert color={data.state === "completed" ? "green" : "yellow"} role="status">
            {data.notice}
          </Alert>
        ) : null}
        <RecentErrors errors={data.recentErrors} />
        <JobControls job={data} />
        <VisuallyHidden aria-live="polite">{announcement(data)}</VisuallyHidden>
      </Stack>
    </Card>
  );
}

function Numbers({ job }: { job: Job }) {
  const { total, processed, succeeded, failed } = job.counts;
  const { label, format } = countedBy(job);
  const done = total === null ? format(processed) : `${format(processed)} of ${format(total)}`;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm" component="dl" m={0}>
      <Number label={label} value={done} />
      <Number label="Done" value={`${Math.round(job.percentage)} %`} />
      {isActive(job) ? (
        <>
          <Number
            label={`${label} per second`}
            value={job.rowsPerSecond === null ? "–" : format(job.rowsPerSecond)}
          />
          <Number
            label="Time left"
            value={job.secondsLeft === null ? "–" : formatDuration(job.secondsLeft)}
          />
        </>
      ) : (
        <>
          <Number label="Succeeded" value={formatCount(succeeded)} />
          <Number label="Failed" value={formatCount(failed)} />
        </>
      )}
    </SimpleGrid>
  );
}

function Number({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fw={600} fz="lg" className="tabular">
        {value}
      </Text>
    </div>
  );
}

function subtitle(job: Job): string {
  if (isActive(job)) return "You can leave this page; the work goes on.";
  if (job.state !== "paused") return phaseWords(job.phase);
  if (job.kind === "import" && job.phase === "applying") {
    return "Paused between two batches. What is in stays in; other imports into this collection wait until you resume or cancel.";
  }
  if (job.kind === "restore" && job.phase === "restoring") {
    return "Paused between two batches. What is in stays in; imports into these collections wait until you resume, or cancel and have all of it taken back.";
  }
  return "Paused. Nothing is lost; resume whenever you like.";
}

/** Tenths only: every row would be a flood of words. */
function announcement(job: Job): string {
  if (!isActive(job)) return `${job.title}: ${job.state.replaceAll("_", " ")}`;
  return `${phaseWords(job.phase)}, ${Math.floor(job.percentage / 10) * 10} percent`;
}
