import type { SqlTransaction } from "@/db/client";

/**
 * Runs a statement on several processors where it reads enough to be shared: the server takes values of jsonb for as
 * cheap as numbers, and would hand the work to one. A query within a query is only shared when it fences itself off with
 * `offset '0'`: a number without quotes is no constant yet when the server asks whether it may be. Answers how many rows
 * there are.
 */
export async function onSeveralProcessors(tx: SqlTransaction, statement: string): Promise<number> {
  await tx.unsafe("set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0");
  const { count } = await tx.unsafe(statement);
  await tx.unsafe("set local parallel_setup_cost to default; set local parallel_tuple_cost to default");
  return count;
}
