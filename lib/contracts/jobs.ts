import { z } from "zod";
import { pageQuery } from "@/lib/contracts/common";

export const JOB_STATES = [
  "pending",
  "processing",
  "awaiting_review",
  "retrying",
  "paused",
  "completed",
  "completed_with_errors",
  "failed",
  "cancelled",
  "rolled_back",
] as const;

export const JobErrorShape = z.object({
  /** Of the rows of data, from 1. */
  row: z.number().int().optional(),
  /** The same row as a spreadsheet program numbers the file's rows, where it has such. */
  fileRow: z.number().int().optional(),
  field: z.string().optional(),
  code: z.string(),
  message: z.string(),
});

export const JobShape = z.object({
  id: z.uuid(),
  kind: z.enum(["import", "export", "undo", "backup", "restore"]),
  subjectId: z.uuid(),
  /** What `subjectId` names. */
  subjectKind: z.enum(["import", "export", "backup", "restore"]),
  /** What is done with it; jobs of the kind "undo" undo or redo it. */
  action: z.enum(["run", "undo", "redo", "verify"]),
  title: z.string(),
  state: z.enum(JOB_STATES),
  phase: z.string().nullable(),
  counts: z.object({
    total: z.number().nullable(),
    processed: z.number(),
    succeeded: z.number(),
    failed: z.number(),
  }),
  percentage: z.number(),
  batch: z.number(),
  rowsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  attempt: z.number(),
  attemptsMax: z.number(),
  recentErrors: z.array(JobErrorShape),
  /** While a passing fault is being recovered from: attempt `number` of `of`; nextAt is null once it is under way. */
  retry: z
    .object({ number: z.number(), of: z.number(), reason: z.string(), nextAt: z.string().nullable() })
    .nullable(),
  /** A pause was asked for; until the state is "paused" the present batch is being finished. */
  pauseRequested: z.boolean(),
  /** Something to know while the job waits: that its time is running out. */
  notice: z.string().nullable(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});

export type Job = z.infer<typeof JobShape>;

export const ListJobsQuery = z.object({
  ...pageQuery({ max: 200, standard: 50 }),
  state: z.enum(["active", "finished"]).optional(),
});
export type ListJobs = z.output<typeof ListJobsQuery>;

export const RetryJobBody = z.object({
  /** Only the rows that failed, with the fixes made since; otherwise everything again. */
  failedRows: z.boolean().default(false),
});
export type RetryJob = z.output<typeof RetryJobBody>;
