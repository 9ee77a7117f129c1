import { Badge, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { formatAgo, formatCount } from "@/components/format";
import type { Job } from "@/lib/contracts/jobs";
import classes from "./jobs.module.css";
import { isActive, jobHref, phaseWords, stateWords } from "./states";

/** Jobs as rows, each one link; running ones with their progress. */
export function JobList({ jobs, now }: { jobs: readonly Job[]; now: number }) {
  return (
    <Paper withBorder radius="lg" component="ul" className={classes.list}>
      {jobs.map((job) => (
        <li key={job.id}>
          <Link href={jobHref(job)} className={classes.row}>
            <Group justify="space-between" gap="sm" wrap="nowrap">
              <Stack gap={2} style={{ minWidth: 0 }}>
                <Text fw={550} truncate>
                  {job.title}
                </Text>
                <Text size="sm" c="dimmed" className="tabular" truncate>
                  {summaryOf(job)}
                </Text>
                {job.notice ? (
                  <Text size="sm" c="var(--mantine-color-yellow-light-color)">
                    {job.notice}
                  </Text>
                ) : null}
              </Stack>
              <Stack gap={4} align="flex-end" style={{ flex: "none" }}>
                <JobStateBadge state={job.state} />
                <Text size="xs" c="dimmed">
                  {formatAgo(job.finishedAt ?? job.createdAt, now)}
                </Text>
              </Stack>
            </Group>
            {isActive(job) ? (
              <Progress value={job.percentage} size="sm" mt={8} aria-label={`Progress of ${job.title}`} />
            ) : null}
          </Link>
        </li>
      ))}
    </Paper>
  );
}

export function JobStateBadge({ state }: { state: Job["state"] }) {
  const words = stateWords(state);
  // Its words are the state: a narrow page must not cut them off.
  return (
    <Badge color={words.color} style={{ flex: "none" }}>
      {words.label}
    </Badge>
  );
}

function summaryOf(job: Job): string {
  if (job.retry) return `${job.retry.reason} Attempt ${job.retry.number} of ${job.retry.of}`;
  if (job.state === "paused") return `${phaseWords(job.phase)} · paused at ${Math.round(job.percentage)} %`;
  if (isActive(job)) return `${phaseWords(job.phase)} · ${Math.round(job.percentage)} %`;
  const { succeeded, failed } = job.counts;
  const parts: string[] = [];
  if (succeeded > 0) parts.push(`${formatCount(succeeded)} rows`);
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  return parts.length > 0 ? parts.join(" · ") : phaseWords(job.phase);
}
