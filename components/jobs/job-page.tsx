"use client";

import { Anchor, Button, Stack, Timeline, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ProblemError } from "@/components/api";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PageSkeleton } from "@/components/shell/page-skeleton";
import { PageHeader } from "@/components/ui/page-header";
import type { Job } from "@/lib/contracts/jobs";
import { ProgressPanel } from "./progress-panel";
import { jobQuery } from "./queries";
import { isFinished, phaseWords, stateWords, subjectHref } from "./states";

/** One job by itself: where it stands, and what has happened when. */
export function JobPage({ jobId }: { jobId: string }) {
  const job = useQuery(jobQuery(jobId));
  if (job.isPending) return <PageSkeleton />;
  if (job.isError && !job.data) {
    if (job.error instanceof ProblemError && job.error.status === 404) return <NotFoundPage />;
    return (
      <ProblemAlert
        error={job.error}
        title="The job could not be loaded"
        onRetry={() => void job.refetch()}
      />
    );
  }
  return (
    <>
      <PageHeader
        title={job.data.title}
        before={
          <Anchor component={Link} href="/activity" size="sm">
            Activity
          </Anchor>
        }
        actions={<SubjectLink job={job.data} />}
      />
      <Stack gap="xl">
        <ProgressPanel jobId={jobId} />
        <Course job={job.data} />
      </Stack>
    </>
  );
}

function SubjectLink({ job }: { job: Job }) {
  const href = subjectHref(job);
  if (href !== undefined) {
    return (
      <Button component={Link} href={href} variant="default">
        {job.subjectKind === "restore" ? "Open the restore" : "Open the import"}
      </Button>
    );
  }
  if (job.kind === "backup") {
    return (
      <Button component={Link} href="/backups" variant="default">
        To the backups
      </Button>
    );
  }
  if (job.kind === "export" && job.state === "completed") {
    return (
      <Button component="a" href={`/api/v1/exports/${job.subjectId}/download`} download>
        Download
      </Button>
    );
  }
  return null;
}

function Course({ job }: { job: Job }) {
  const moments: { title: string; at: string }[] = [{ title: "Asked for", at: job.createdAt }];
  if (job.startedAt) moments.push({ title: "Begun", at: job.startedAt });
  if (job.finishedAt) moments.push({ title: stateWords(job.state).label, at: job.finishedAt });
  const last = moments.length - 1;
  return (
    <Stack gap="md" component="section" aria-labelledby="course-title">
      <Title order={2} id="course-title">
        Course
      </Title>
      <Timeline active={last} bulletSize={18} lineWidth={2}>
        {moments.map((moment) => (
          <Timeline.Item key={moment.title} title={moment.title}>
            <Text size="sm" c="dimmed">
              {formatMoment(moment.at)}
            </Text>
          </Timeline.Item>
        ))}
        {isFinished(job) ? null : (
          <Timeline.Item title={phaseWords(job.phase)} lineVariant="dashed">
            <Text size="sm" c="dimmed">
              now
            </Text>
          </Timeline.Item>
        )}
      </Timeline>
    </Stack>
  );
}
