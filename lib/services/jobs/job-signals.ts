import type { Database } from "@/db/client";
import { listenForJobs } from "@/db/queries/job-notifications";
import type { SystemContext } from "@/lib/services/context";

/** What a subscriber waits for: any event of one job, or of any job of one owner. */
export type JobTopic = { jobId: string } | { ownerId: string };

export interface JobSubscription {
  /**
   * Resolves when something may have happened since the last call, or after `milliseconds`, or once `signal` aborts.
   * It never says what: read it from the database. What happens between two calls is not lost.
   */
  next(milliseconds: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** While notifications cannot arrive, everybody looks again this often. */
const BLIND_MILLISECONDS = 2_000;

interface Hub {
  topics: Map<string, Set<() => void>>;
  stop: () => Promise<void>;
}

// On globalThis: Next may load this module more than once in a process, which must hold one listening connection.
const holder = globalThis as { ferryJobHubs?: WeakMap<Database, Hub> };
const hubs = (holder.ferryJobHubs ??= new WeakMap<Database, Hub>());

/**
 * Subscribes to signals of jobs. All subscriptions of a process share one listening connection, opened with the first
 * and closed with the last. Every (re)connection wakes everybody, so whoever subscribes first and reads then misses
 * nothing, on whichever instance the work is done.
 */
export function subscribeToJobs(ctx: SystemContext, topic: JobTopic): JobSubscription {
  const hub = hubs.get(ctx.db) ?? openHub(ctx);
  const key = keyOf(topic);
  let dirty = false;
  let wake: (() => void) | undefined;
  const onSignal = () => {
    dirty = true;
    wake?.();
  };
  const group = hub.topics.get(key) ?? new Set();
  hub.topics.set(key, group.add(onSignal));

  return {
    async next(milliseconds, signal) {
      if (!dirty && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal?.addEventListener("abort", wake, { once: true });
        });
        if (wake) signal?.removeEventListener("abort", wake);
        wake = undefined;
      }
      dirty = false;
    },
    close() {
      group.delete(onSignal);
      if (group.size === 0 && hub.topics.get(key) === group) hub.topics.delete(key);
      if (hub.topics.size === 0 && hubs.get(ctx.db) === hub) closeHub(ctx, hub);
    },
  };
}

function openHub(ctx: SystemContext): Hub {
  const topics = new Map<string, Set<() => void>>();
  const wakeGroup = (key: string) => topics.get(key)?.forEach((wake) => wake());
  const wakeAll = () => topics.forEach((group) => group.forEach((wake) => wake()));
  let blind: NodeJS.Timeout | undefined;
  const endListening = listenForJobs(ctx.db, {
    onSignal: ({ jobId, ownerId }) => {
      wakeGroup(keyOf({ jobId }));
      wakeGroup(keyOf({ ownerId }));
    },
    onListening: () => {
      clearInterval(blind);
      blind = undefined;
      wakeAll();
    },
    onLost: (error) => {
      ctx.log.warn({ err: error }, "listening for jobs was interrupted");
      blind ??= setInterval(wakeAll, BLIND_MILLISECONDS).unref();
    },
  });
  const hub: Hub = {
    topics,
    stop: async () => {
      clearInterval(blind);
      await endListening();
    },
  };
  hubs.set(ctx.db, hub);
  return hub;
}

function closeHub(ctx: SystemContext, hub: Hub): void {
  hubs.delete(ctx.db);
  hub
    .stop()
    .catch((error: unknown) => ctx.log.warn({ err: error }, "listening for jobs did not end cleanly"));
}

function keyOf(topic: JobTopic): string {
  return "jobId" in topic ? `job ${topic.jobId}` : `owner ${topic.ownerId}`;
}
