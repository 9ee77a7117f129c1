import postgres from "postgres";
import type { Database } from "@/db/client";

/** A job has a new event. Only ids travel; whoever cares reads the event from its table. */
export interface JobSignal {
  jobId: string;
  ownerId: string;
}

export interface JobListener {
  onSignal(signal: JobSignal): void;
  /** From now on nothing is missed; whatever happened before (also while the connection was lost) must be read. */
  onListening(): void;
  /** The connection is gone; it is tried again every second. */
  onLost(error: unknown): void;
}

const RETRY_MILLISECONDS = 1_000;

/**
 * Listens for the notifications of `advanceJob` on one connection of its own, and again whenever that is lost.
 * (The driver's own `listen` gives up when its first attempt to reconnect fails.) Answers what ends it.
 */
export function listenForJobs(db: Database, listener: JobListener): () => Promise<void> {
  let stopped = false;
  let wakeUp: () => void = () => undefined;
  let client: postgres.Sql | undefined;

  async function listenOnce(): Promise<void> {
    let lost: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (lost = resolve));
    const options = {
      max: 1,
      max_lifetime: null,
      fetch_types: false,
      connect_timeout: 10,
      connection: { application_name: "ferry-listen" },
      onnotice: () => undefined,
      onclose: () => lost(),
      onnotify: (_channel: string, payload: string) => {
        const [jobId, ownerId] = payload.split(" ");
        if (jobId && ownerId) listener.onSignal({ jobId, ownerId });
      },
    };
    client = postgres(db.url, options);
    try {
      await client`listen ferry_jobs`;
      if (!stopped) listener.onListening();
      await closed;
    } finally {
      await client.end({ timeout: 1 });
    }
  }

  async function listenForever(): Promise<void> {
    while (!stopped) {
      let reason: unknown;
      await listenOnce().catch((error: unknown) => (reason = error));
      if (stopped) return;
      listener.onLost(reason);
      await new Promise<void>((resolve) => {
        wakeUp = resolve;
        setTimeout(resolve, RETRY_MILLISECONDS).unref();
      });
    }
  }

  const ended = listenForever();
  return async () => {
    stopped = true;
    wakeUp();
    await client?.end({ timeout: 1 });
    await ended;
  };
}
