import { jobEventsAfter, lastPosition, userEventsAfter } from "@/db/queries/job-events";
import { findJob, listJobs } from "@/db/queries/job-lists";
import { isTerminal } from "@/db/queries/jobs";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { subscribeToJobs, type JobTopic } from "@/lib/services/jobs/job-signals";

/** One message of an event stream. */
export interface StreamEvent {
  id: number;
  event: string;
  data: object;
}

/** Events read at once: what a slow reader can make us hold. */
const READ_AT_ONCE = 100;
/** Looked at this often although no signal came: insurance, the signals are what makes it live. */
const LOOK_AGAIN_MILLISECONDS = 15_000;

/**
 * The events of one job: first `connected` with the job as it is, then everything after `lastEventId` exactly once and
 * in order, then what happens from now on, until the event that ends the job. The id of `connected` is the number of
 * the event before the next one, so that a client that reconnects with any id it has seen misses nothing: ids rise by
 * one over the whole stream. Without a `lastEventId` the stream begins now; of a job that has ended, with its last
 * event. Answers undefined when the job has ended and the client has seen everything.
 */
export async function watchJob(
  ctx: ServiceContext,
  jobId: string,
  lastEventId: number | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<StreamEvent> | undefined> {
  const found = await findJob(ctx.db.sql, jobId, ctx.ownerId);
  if (!found) throw new NotFoundError("job");
  const ended = isTerminal(found.job.state);
  // An id beyond the last event is none of ours: without this the client would wait for events for ever.
  const known = lastEventId === undefined ? undefined : Math.min(lastEventId, found.eventSeq);
  if (ended && known === found.eventSeq) return undefined;
  const start = known ?? Math.max(0, found.eventSeq - (ended ? 1 : 0));
  return follow(ctx, {
    topic: { jobId },
    first: { id: start, event: "connected", data: found.job },
    read: (after) => jobEventsAfter(ctx.db.sql, jobId, after, READ_AT_ONCE),
    idOf: (event) => event.seq,
    isLast: (event) => isTerminal(event.data.state),
    signal,
  });
}

/**
 * The events of all jobs of the user, and what they are told without having asked (`notification`), without an end. `connected` carries the jobs that are at work; ids rise, though
 * not by one, since they count the events of everybody.
 */
export async function watchUser(
  ctx: ServiceContext,
  lastEventId: number | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<StreamEvent>> {
  const newest = await lastPosition(ctx.db.sql, ctx.ownerId);
  const jobs = await listJobs(ctx.db.sql, ctx.ownerId, { limit: 100, state: "active" });
  return follow(ctx, {
    topic: { ownerId: ctx.ownerId },
    first: {
      id: Math.min(lastEventId ?? newest, newest),
      event: "connected",
      data: { jobs: jobs.slice(0, 100) },
    },
    read: (after) => userEventsAfter(ctx.db.sql, ctx.ownerId, after, READ_AT_ONCE),
    idOf: (event) => event.position,
    isLast: () => false,
    signal,
  });
}

interface Following<E extends { event: string; data: object }> {
  topic: JobTopic;
  first: StreamEvent;
  read: (after: number) => Promise<E[]>;
  idOf: (event: E) => number;
  isLast: (event: E) => boolean;
  signal: AbortSignal;
}

async function* follow<E extends { event: string; data: object }>(
  ctx: ServiceContext,
  stream: Following<E>,
): AsyncGenerator<StreamEvent> {
  const { first, read, idOf, isLast, signal } = stream;
  // Subscribed before the first read: whatever is committed from here on wakes us.
  const subscription = subscribeToJobs(ctx, stream.topic);
  try {
    yield first;
    let last = first.id;
    while (!signal.aborted) {
      const events = await read(last);
      for (const event of events) {
        last = idOf(event);
        yield { id: last, event: event.event, data: event.data };
        if (isLast(event)) return;
      }
      if (events.length < READ_AT_ONCE) await subscription.next(LOOK_AGAIN_MILLISECONDS, signal);
    }
  } finally {
    subscription.close();
  }
}
