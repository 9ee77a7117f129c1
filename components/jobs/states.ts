import { formatBytes, formatCount } from "@/components/format";
import type { Job } from "@/lib/contracts/jobs";

type JobState = Job["state"];

const FINISHED: readonly JobState[] = [
  "completed",
  "completed_with_errors",
  "failed",
  "cancelled",
  "rolled_back",
];

/** Whether the job's state will not change any more. */
export function isFinished(job: Pick<Job, "state">): boolean {
  return FINISHED.includes(job.state);
}

/** Whether a worker has it, or will take it: neither finished nor waiting for a person. */
export function isActive(job: Pick<Job, "state">): boolean {
  return job.state === "pending" || job.state === "processing" || job.state === "retrying";
}

/** Whether a worker is at it right now. A draft's job waits, but for the person. */
export function isRunning(job: Pick<Job, "state">): boolean {
  return job.state === "processing" || job.state === "retrying";
}

/** Whether its work can rest between two batches. */
export function canPause(job: Pick<Job, "kind" | "state" | "startedAt">): boolean {
  const pausable = job.kind !== "export" && job.kind !== "backup";
  return pausable && isActive(job) && job.startedAt !== null;
}

/** Half an undo would leave records of two times side by side: it runs to its end. */
export function canCancel(job: Pick<Job, "kind" | "state">): boolean {
  return job.kind !== "undo" && (isActive(job) || job.state === "paused");
}

/** Ended without having done its work. */
export function canRetry(job: Pick<Job, "kind" | "state">): boolean {
  const ended = job.state === "failed" || job.state === "rolled_back" || job.state === "cancelled";
  return job.kind === "import" && ended;
}

interface StateWords {
  label: string;
  color: string;
}

const STATE_WORDS: Record<JobState, StateWords> = {
  pending: { label: "Waiting", color: "gray" },
  processing: { label: "Running", color: "harbour" },
  awaiting_review: { label: "Needs you", color: "yellow" },
  retrying: { label: "Trying again", color: "yellow" },
  paused: { label: "Paused", color: "gray" },
  completed: { label: "Done", color: "green" },
  completed_with_errors: { label: "Done, with failed rows", color: "yellow" },
  failed: { label: "Failed", color: "red" },
  cancelled: { label: "Cancelled", color: "gray" },
  rolled_back: { label: "Taken back", color: "gray" },
};

export function stateWords(state: JobState): StateWords {
  return STATE_WORDS[state];
}

/** The page of the import, or the restore, that a job carries out, undoes or brings back; others have none of their own. */
export function subjectHref({
  subjectKind,
  subjectId,
}: Pick<Job, "subjectKind" | "subjectId">): string | undefined {
  if (subjectKind === "import") return `/imports/${subjectId}`;
  return subjectKind === "restore" ? `/backups/restores/${subjectId}` : undefined;
}

/** Where a person looks at what the job works on. */
export function jobHref(job: Pick<Job, "id" | "action" | "subjectKind" | "subjectId">): string {
  return (job.action === "run" ? subjectHref(job) : undefined) ?? `/jobs/${job.id}`;
}

const PHASE_WORDS: Record<string, string> = {
  queued: "Waiting for its turn",
  reading: "Reading the file",
  staging: "Reading and checking rows",
  staged: "Rows are read",
  matching: "Comparing with your records",
  planning: "Comparing with your records",
  review: "Waiting for your decision",
  waiting: "Waiting for its turn at the collection",
  "rolling back": "Taking everything back",
  applying: "Writing records",
  finishing: "Finishing",
  undoing: "Taking changes back",
  redoing: "Bringing changes back",
  collecting: "Collecting records",
  processing: "Processing",
  formatting: "Formatting",
  writing: "Writing the file",
  preparing: "Taking a snapshot",
  opening: "Opening the backup",
  comparing: "Comparing with your records",
  saving: "Making a safety backup",
  restoring: "Bringing records back",
  storing: "Storing the file",
  verifying: "Reading it again",
};

/** A phase in words; one this page does not know is shown as it is, readable. */
export function phaseWords(phase: string | null): string {
  if (phase === null) return "Waiting for its turn";
  const words = PHASE_WORDS[phase] ?? phase.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a job counts, by its kind and phase, and how its numbers are written. */
export function countedBy({ subjectKind, phase }: Pick<Job, "subjectKind" | "phase">): {
  label: string;
  format: (amount: number) => string;
} {
  if (phase === "verifying") return { label: "Read", format: formatBytes };
  if (subjectKind === "restore" && phase === "comparing")
    return { label: "Collections", format: formatCount };
  const isOfRecords = subjectKind === "backup" || subjectKind === "restore";
  return { label: isOfRecords ? "Records" : "Rows", format: formatCount };
}
