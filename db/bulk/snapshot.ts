import type { Database } from "@/db/client";
import { copyOut, type CopyForm, type ReservedConnection } from "@/db/bulk/copy-out";

/** One unchanging view of the database, whatever others commit meanwhile, over one connection. One thing at a time. */
export interface ReadSnapshot {
  readonly connection: ReservedConnection;
  /** What a query answers, as copyOut gives it. */
  readonly copy: (query: string, form: CopyForm) => AsyncIterable<Uint8Array>;
  /** Gives the connection back. Never throws. */
  end(): Promise<void>;
}

/** Begins a transaction that only reads (repeatable read); whoever asked for it must end it. */
export async function beginSnapshot(db: Database): Promise<ReadSnapshot> {
  const connection = await db.sql.reserve();
  const end = async () => {
    // The end of a transaction that only read; the connection may be gone, which ends it too.
    await connection`rollback`.catch(() => undefined);
    connection.release();
  };
  try {
    await connection`begin isolation level repeatable read read only`;
    const [backend] = await connection<[{ pid: number }]>`select pg_backend_pid() as pid`;
    const stop = async () => void (await db.sql`select pg_cancel_backend(${backend.pid})`);
    return { connection, copy: (query, form) => copyOut(connection, query, form, stop), end };
  } catch (error) {
    await end();
    throw error;
  }
}
