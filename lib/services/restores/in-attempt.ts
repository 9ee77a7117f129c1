import type { SqlTransaction } from "@/db/client";
import { holdStaging, type StagingAttempt } from "@/db/queries/staging-attempts";
import type { SystemContext } from "@/lib/services/context";

/** A transaction that commits only if no later attempt at staging the restore has begun. */
export async function inAttempt<T>(
  ctx: SystemContext,
  attempt: StagingAttempt,
  work: (tx: SqlTransaction) => Promise<T>,
): Promise<T> {
  let result: T;
  await ctx.db.sql.begin(async (tx) => {
    result = await work(tx);
    await holdStaging(tx, attempt);
  });
  return result!;
}
