import { Paper, Progress, Text } from "@mantine/core";
import Link from "next/link";
import { countOf, formatAgo, formatCount } from "@/components/format";
import { RedoButton, UndoButton } from "@/components/undo/undo-state";
import { isBeingUndone, whyNotUndoable } from "@/components/undo/undoable";
import type { ImportSummary } from "@/lib/contracts/import-view";
import type { Job } from "@/lib/contracts/jobs";
import { JobStateBadge } from "./job-state-badge";
import classes from "./jobs.module.css";
import { canRetry, isActive, jobHref, phaseWords } from "./states";

interface JobListProps {
  jobs: readonly Job[];
  now: number;
  /** The way back from finished imports, by job. */
  imports?: ReadonlyMap<string, ImportSummary>;
}

/** Jobs as rows, each a link to what it did; running ones with their progress, finished imports with their undo. */
export function JobList({ jobs, now, imports }: JobListProps) {
  return (
    <Paper withBorder radius="lg" component="ul" className={classes.list}>
      {jobs.map((job) => (
        <li key={job.id} className={classes.item}>
          <Link href={jobHref(job)} className={classes.row}>
            <span className={classes.words}>
              <Text fw={550} className={classes.title} component="span">
                {job.title}
              </Text>
              <Text size="sm" c="dimmed" className="tabular" component="span">
                {summaryOf(job)}
              </Text>
              {job.notice ? (
                <Text
                  size="sm"
                  c={job.state === "completed" ? "dimmed" : "var(--mantine-color-yellow-light-color)"}
                  component="span"
                >
                  {job.notice}
                </Text>
              ) : null}
            </span>
            <span className={classes.state}>
              <JobStateBadge state={job.state} />
              <Text size="xs" c="dimmed" component="span">
                {formatAgo(job.finishedAt ?? job.createdAt, now)}
              </Text>
            </span>
            {isActive(job) ? (
              <Progress
                value={job.percentage}
                size="sm"
                className={classes.progress}
                aria-label={`Progress of ${job.title}`}
              />
            ) : null}
          </Link>
          <WayBack view={imports?.get(job.id)} />
        </li>
      ))}
    </Paper>
  );
}

/** Undoes an import from the list, or brings it back. */
function WayBack({ view }: { view: ImportSummary | undefined }) {
  if (!view || isBeingUndone(view)) return null;
  if (view.state === "undone") {
    return (
      <div className={classes.back}>
        <RedoButton view={view} />
      </div>
    );
  }
  if (whyNotUndoable(view) !== null) return null;
  return (
    <div className={classes.back}>
      <UndoButton view={view} size="xs" label="Undo" />
    </div>
  );
}

function summaryOf(job: Job): string {
  if (job.retry) return `${job.retry.reason} Attempt ${job.retry.number} of ${job.retry.of}`;
  if (job.state === "paused") return `${phaseWords(job.phase)} · paused at ${Math.round(job.percentage)} %`;
  if (isActive(job)) return `${phaseWords(job.phase)} · ${Math.round(job.percentage)} %`;
  if (job.state === "awaiting_review") return phaseWords(job.phase);
  const { succeeded, failed } = job.counts;
  if (job.kind === "import" && canRetry(job) && succeeded === 0) return "Nothing was imported";
  const parts: string[] = [];
  const one = job.subjectKind === "backup" || job.subjectKind === "restore" ? "record" : "row";
  if (succeeded > 0) parts.push(countOf(succeeded, one));
  if (failed > 0) parts.push(`${formatCount(failed)} failed`);
  if (parts.length > 0) return parts.join(" · ");
  return job.kind === "backup" && job.state === "completed" ? "No records" : phaseWords(job.phase);
}
