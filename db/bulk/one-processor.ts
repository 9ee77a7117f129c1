import type { SqlTransaction } from "@/db/client";

/**
 * Runs statements of a transaction on one processor. What reads a table only to find a little in it, or sorts small
 * values, costs a quarter to a half more where several share it: handing rows over takes longer than what is done with
 * them.
 */
export async function onOneProcessor<T>(tx: SqlTransaction, work: () => Promise<T>): Promise<T> {
  await tx.unsafe(
    "set local max_parallel_workers_per_gather = 0; set local max_parallel_maintenance_workers = 0",
  );
  const result = await work();
  await tx.unsafe(
    "set local max_parallel_workers_per_gather to default; set local max_parallel_maintenance_workers to default",
  );
  return result;
}
