import postgres from "postgres";
import type { Sql } from "../client";
import { steady } from "../steady-socket";
import { inTransaction, WAKE_CHANNEL, WORKER_LOCK_CLASS } from "./transaction";

/**
 * The proof that a worker lives: one session that holds one advisory lock. PostgreSQL frees it when the session ends.
 * The same session listens, so that whoever has an id also hears.
 */
export interface WorkerSession {
  /** The present id; undefined while the server cannot be reached. */
  id(): number | undefined;
  close(): Promise<void>;
}

/**
 * Register a worker. When its session is lost, a new one registers it anew as soon as the server is back and adopts
 * the leases that nobody has freed in the meantime.
 * @param onJoin called with every id the worker gets
 * @param onWake called when somebody has queued work
 */
export async function openWorkerSession(
  databaseUrl: string,
  {
    onJoin,
    onWake,
    onError,
  }: { onJoin: (id: number) => void; onWake: () => void; onError: (error: unknown) => void },
): Promise<WorkerSession> {
  let present: number | undefined;
  let last: number | undefined;
  let closed = false;
  let joining: Promise<void> | undefined;

  const session = postgres(databaseUrl, {
    ...steady(0),
    // The driver's own `listen` gives up when it cannot listen again at once.
    ...{ onnotify: onWake },
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    onnotice: () => undefined,
    // A machine that vanishes without closing its connection is noticed within a quarter of a minute.
    connection: {
      application_name: "ferry-worker-session",
      tcp_keepalives_idle: 5,
      tcp_keepalives_interval: 3,
      tcp_keepalives_count: 3,
    },
    onclose: () => {
      present = undefined;
      if (!closed) rejoin();
    },
  });

  const join = async () => {
    const id = await session.begin(async (tx) => {
      const [row] = await tx<{ id: number }[]>`insert into engine.worker default values returning id`;
      const worker = row!.id;
      // Locked before the row is visible to others: a registered worker is never without its lock.
      await tx`select pg_advisory_lock(${WORKER_LOCK_CLASS}, ${worker})`;
      await tx`listen ${tx(WAKE_CHANNEL)}`;
      if (last !== undefined) {
        await tx`update engine.job set worker_id = ${worker} where worker_id = ${last} and token is not null`;
        await tx`delete from engine.worker where id = ${last}`;
      }
      return worker;
    });
    present = last = id;
    onJoin(id);
  };

  const rejoin = () => {
    joining ??= (async () => {
      for (let wait = 100; !closed; wait = Math.min(wait * 2, 1_000)) {
        await new Promise((resolve) => setTimeout(resolve, wait));
        try {
          if (!closed && present === undefined) await join();
          return;
        } catch (error) {
          onError(error);
        }
      }
    })().finally(() => {
      joining = undefined;
      if (!closed && present === undefined) rejoin();
    });
  };

  await join();
  return {
    id: () => present,
    close: async () => {
      closed = true;
      try {
        if (present !== undefined) {
          await session.begin(async (tx) => {
            await tx`update engine.job set token = null, worker_id = null, deadline_at = null
                     where worker_id = ${present!}`;
            await tx`delete from engine.worker where id = ${present!}`;
          });
        }
      } catch (error) {
        onError(error);
      }
      await session.end({ timeout: 1 });
    },
  };
}

/**
 * Free the leases of workers whose session is gone. Counts as a crash of each job they held.
 * @returns how many leases were freed
 */
export async function freeDeadWorkers(sql: Sql, ownId: number): Promise<number> {
  const others = await sql<{ id: number }[]>`select id from engine.worker where id <> ${ownId}`;
  let freed = 0;
  for (const other of others) {
    freed += await inTransaction(sql, async (tx) => {
      // Obtaining the lock proves that the session that held it has ended; the transaction's end gives it back.
      const [lock] = await tx<{ obtained: boolean }[]>`
        select pg_try_advisory_xact_lock(${WORKER_LOCK_CLASS}, ${other.id}) as obtained`;
      if (!lock?.obtained) return 0;
      const jobs = await tx`
        update engine.job set token = null, worker_id = null, deadline_at = null, crashes = crashes + 1
        where worker_id = ${other.id} returning 1`;
      await tx`delete from engine.worker where id = ${other.id}`;
      return jobs.length;
    });
  }
  const orphans = await sql`
    update engine.job j set token = null, worker_id = null, deadline_at = null
    where j.token is not null and not exists (select 1 from engine.worker w where w.id = j.worker_id)
    returning 1`;
  return freed + orphans.length;
}
