import type { AnySql } from "@/db/client";
import type { JobRetry } from "@/db/queries/jobs";
import type { JobState } from "@/db/schema";

/** What a cancelled import leaves: nothing (it is rolled back), or what is in already. */
export type CancelLeaves = "nothing" | "applied";

/** What the person asked a job to do between two batches; a cancel outweighs a pause. */
export async function stopRequest(sql: AnySql, jobId: string): Promise<"cancel" | "pause" | null> {
  const [row] = await sql<{ stop: "cancel" | "pause" | null }[]>`
    select case when cancel_requested_at is not null then 'cancel'
                when pause_requested_at is not null then 'pause' end as stop
    from jobs where id = ${jobId}`;
  return row?.stop ?? null;
}

/** Asks a job to stop for good; whoever works for it looks between two chunks. A pause ends with it. */
export async function requestCancel(
  sql: AnySql,
  jobId: string,
  leaves: CancelLeaves = "nothing",
): Promise<void> {
  await sql`update jobs set cancel_requested_at = coalesce(cancel_requested_at, clock_timestamp()),
              cancel_leaves = ${leaves}, pause_requested_at = null where id = ${jobId}`;
}

export async function cancelLeaves(sql: AnySql, jobId: string): Promise<CancelLeaves> {
  const [row] = await sql<{ leaves: CancelLeaves }[]>`
    select cancel_leaves as leaves from jobs where id = ${jobId}`;
  return row?.leaves ?? "nothing";
}

export async function requestPause(sql: AnySql, jobId: string): Promise<void> {
  await sql`update jobs set pause_requested_at = coalesce(pause_requested_at, clock_timestamp())
            where id = ${jobId}`;
}

/** Ends a pause. The time it took is not counted into the phase's rate. */
export async function endPause(sql: AnySql, jobId: string): Promise<void> {
  await sql`update jobs set pause_requested_at = null, phase_started_at = case when state = 'paused'
              then phase_started_at + (clock_timestamp() - pause_requested_at) else phase_started_at end
            where id = ${jobId}`;
}

/** Where a job stands with its retries. */
export async function retryState(
  sql: AnySql,
  jobId: string,
): Promise<{ state: JobState; retry: JobRetry | null } | undefined> {
  const [row] = await sql<{ state: JobState; retry: JobRetry | null }[]>`
    select state, retry from jobs where id = ${jobId}`;
  return row;
}
