"use client";

import { Button, Group, Progress, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import { formatDuration } from "@/components/format";
import { countedBy, isActive, isFinished, phaseWords } from "@/components/jobs/states";
import { useLiveJob } from "@/components/jobs/use-live-job";
import { ProblemAlert } from "@/components/problem-alert";
import type { Job } from "@/lib/contracts/jobs";
import { useCancelBackupJob, useRefresh } from "./queries";

interface BackupLiveProps {
  jobId: string;
  /** What is at work: "Making this backup", "Verifying this backup". */
  label: string;
  onEnd?: () => void;
}

/** How far the making or the verifying of a backup is, live, and the way to stop it. Absent once it has ended. */
export function BackupLive({ jobId, label, onEnd }: BackupLiveProps) {
  const { data: job } = useLiveJob(jobId);
  const cancel = useCancelBackupJob();
  const refresh = useRefresh();
  const ended = job !== undefined && isFinished(job);
  const end = useEffectEvent(() => {
    void refresh();
    onEnd?.();
  });
  // Also one that had ended before this was shown: nobody was told of it then.
  useEffect(() => {
    if (ended) end();
  }, [ended]);
  if (ended) return null;
  return (
    <Stack gap={6}>
      <Progress.Root size="sm">
        <Progress.Section
          value={job?.percentage ?? 0}
          animated={job ? isActive(job) : false}
          aria-label={label}
        />
      </Progress.Root>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" className="tabular">
          {job ? progressText(job) : "Waiting for its turn"}
        </Text>
        <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(jobId)}>
          Cancel
        </Button>
      </Group>
      <ProblemAlert error={cancel.error} title="It was not cancelled" />
      <VisuallyHidden aria-live="polite">
        {job ? `${label}: ${Math.floor(job.percentage / 10) * 10} percent` : label}
      </VisuallyHidden>
    </Stack>
  );
}

function progressText(job: Job): string {
  const { processed, total } = job.counts;
  const { format, label } = countedBy(job);
  const parts = [phaseWords(job.phase)];
  if (job.state === "processing" && processed > 0) {
    const unit = job.phase === "verifying" ? "" : ` ${label.toLowerCase()}`;
    parts.push(`${total === null ? format(processed) : `${format(processed)} of ${format(total)}`}${unit}`);
    if (job.rowsPerSecond !== null) parts.push(`${format(job.rowsPerSecond)}${unit} a second`);
  }
  if (job.retry) parts.push(`attempt ${job.retry.number} of ${job.retry.of}`);
  if (job.secondsLeft !== null && job.state === "processing")
    parts.push(`${formatDuration(job.secondsLeft)} left`);
  parts.push(`${Math.round(job.percentage)} %`);
  return parts.join(" · ");
}
