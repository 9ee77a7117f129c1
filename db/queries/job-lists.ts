import type { AnySql } from "@/db/client";
import { jobView, type JobRow, type JobView } from "@/db/queries/jobs";

const FINISHED = ["completed", "completed_with_errors", "failed", "cancelled", "rolled_back"];

/** A user's jobs, newest first, after the id `cursor`; one more than `limit`, to tell whether there are others. */
export async function listJobs(
  sql: AnySql,
  ownerId: string,
  page: { limit: number; cursor?: string; state?: "active" | "finished" },
): Promise<JobView[]> {
  const older = page.cursor ? sql`and id < ${page.cursor}` : sql``;
  const finished = sql`state in ${sql(FINISHED)}`;
  const inState =
    page.state === "finished" ? sql`and ${finished}` : page.state ? sql`and not ${finished}` : sql``;
  const rows = await sql<JobRow[]>`
    select * from jobs where owner_id = ${ownerId} ${older} ${inState} order by id desc limit ${page.limit + 1}`;
  return rows.map(jobView);
}

/** A job and the number of its last event, of one moment. */
export async function findJob(
  sql: AnySql,
  jobId: string,
  ownerId: string,
): Promise<{ job: JobView; eventSeq: number } | undefined> {
  const [row] = await sql<JobRow[]>`select * from jobs where id = ${jobId} and owner_id = ${ownerId}`;
  return row && { job: jobView(row), eventSeq: row.event_seq };
}

/** Locks a job for a change by its owner, until the transaction ends. */
export async function lockJob(sql: AnySql, jobId: string, ownerId: string): Promise<JobView | undefined> {
  const [row] = await sql<
    JobRow[]
  >`select * from jobs where id = ${jobId} and owner_id = ${ownerId} for update`;
  return row && jobView(row);
}

/** Finished jobs, with their events, that ended before `before`. Answers how many. */
export async function deleteJobsFinishedBefore(sql: AnySql, before: Date): Promise<number> {
  const deleted = await sql`delete from jobs where finished_at < ${before}`;
  return deleted.count;
}
