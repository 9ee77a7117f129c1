import type { AnySql } from "@/db/client";
import type { JobEventName, JobView } from "@/db/queries/jobs";
import { noticeJson, type NoticeView } from "@/db/queries/notices";

export interface JobEvent {
  seq: number;
  position: number;
  event: JobEventName;
  data: JobView;
}

/** The events of one job after number `after`, in order: numbers rise by one, so none can come late. */
export async function jobEventsAfter(
  sql: AnySql,
  jobId: string,
  after: number,
  limit: number,
): Promise<JobEvent[]> {
  return sql<JobEvent[]>`
    select seq, position, event, data from job_events
    where job_id = ${jobId} and seq > ${after} order by seq limit ${limit}`;
}

/** What a user's stream tells: the events of their jobs, and what they are told without having asked. */
export type UserEvent =
  | { position: number; event: JobEventName; data: JobView }
  | { position: number; event: "notification"; data: NoticeView };

/**
 * A user's events after `after`, in the order in which they were committed: whoever adds one draws the position under a
 * lock of the owner that it holds until its transaction ends, so that a lower one never appears later.
 */
export async function userEventsAfter(
  sql: AnySql,
  ownerId: string,
  after: number,
  limit: number,
): Promise<UserEvent[]> {
  return sql<UserEvent[]>`
    select position, event, data from (
      (select position, event, data from job_events
        where owner_id = ${ownerId} and position > ${after} order by position limit ${limit})
      union all
      (select position, 'notification', ${noticeJson(sql)} from notices
        where owner_id = ${ownerId} and position > ${after} and in_app order by position limit ${limit})
    ) told order by position limit ${limit}`;
}

/** Position of a user's newest event, 0 when there is none. */
export async function lastPosition(sql: AnySql, ownerId: string): Promise<number> {
  const [row] = await sql<{ position: number }[]>`
    select greatest(
      (select position from job_events where owner_id = ${ownerId} order by position desc limit 1),
      (select position from notices where owner_id = ${ownerId} order by position desc limit 1), 0)::int8 as position`;
  return row?.position ?? 0;
}

/** Milliseconds in which a job was at work so far: without those in which it waited for a person. */
export async function workedMs(sql: AnySql, jobId: string): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`
    select coalesce(extract(epoch from sum(until - created_at)) * 1000, 0)::int8 as ms
    from (select created_at, data ->> 'state' as state,
            lead(created_at, 1, clock_timestamp()) over (order by seq) as until
          from job_events where job_id = ${jobId}) spans
    where state not in ('awaiting_review', 'paused')`;
  return row?.ms ?? 0;
}
