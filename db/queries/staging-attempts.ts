import type { AnySql, SqlTransaction } from "@/db/client";
import type { RestorableCategory, RestorePlan } from "@/db/schema";
import { newId } from "@/lib/platform/ids";

/** One attempt at staging a restore, of which the latest alone may write. */
export interface StagingAttempt {
  restoreId: string;
  id: string;
}

/** A later attempt has begun, or the restore has ended: what this one does is to be undone. */
class AttemptOver extends Error {}

/** Begins an attempt: no earlier one commits anything from here on. Undefined when there is nothing left to stage. */
export async function beginStaging(sql: AnySql, restoreId: string): Promise<StagingAttempt | undefined> {
  const id = newId();
  const [begun] = await sql`
    update restores set staging_attempt = ${id}
    where id = ${restoreId} and state = 'reading' and not plan ? 'checkedAt' returning id`;
  return begun && { restoreId, id };
}

/**
 * What this transaction has written stands only if the attempt is still the one that counts; until it commits, neither a
 * later one nor the end of the restore begins. To be called last.
 * @throws AttemptOver
 */
export async function holdStaging(tx: SqlTransaction, { restoreId, id }: StagingAttempt): Promise<void> {
  const [held] = await tx`
    select from restores where id = ${restoreId} and staging_attempt = ${id} and state = 'reading' for share`;
  if (!held) throw new AttemptOver();
}

/** True when a later attempt has begun or the restore has ended: then what went wrong with this one is nobody's concern. */
export async function isStagingOver(sql: AnySql, { restoreId, id }: StagingAttempt): Promise<boolean> {
  const held = await sql`
    select from restores where id = ${restoreId} and staging_attempt = ${id} and state = 'reading'`;
  return held.length === 0;
}

/** Everything is staged: the plan says so, and the given keys are forgotten. @throws AttemptOver */
export async function endStaging(
  sql: AnySql,
  { restoreId, id }: StagingAttempt,
  { plan, categories }: { plan: RestorePlan; categories: RestorableCategory[] },
): Promise<void> {
  const [ended] = await sql`
    update restores set plan = ${sql.json(plan as never)}, categories = ${categories}, sealed_file_keys = null, staging_attempt = null
    where id = ${restoreId} and staging_attempt = ${id} and state = 'reading' returning id`;
  if (!ended) throw new AttemptOver();
}
