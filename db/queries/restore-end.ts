import type { SqlTransaction } from "@/db/client";

export interface JournalSums {
  importId: string;
  inserted: number;
  updated: number;
  deleted: number;
  skipped: number;
}

/** What the journal says was done, import by import. */
export async function sumJournals(tx: SqlTransaction, restoreId: string): Promise<JournalSums[]> {
  return await tx<JournalSums[]>`
    select i.id as "importId", coalesce(sum(c.inserted), 0)::int8 as inserted,
      coalesce(sum(c.updated), 0)::int8 as updated, coalesce(sum(c.deleted), 0)::int8 as deleted,
      coalesce(sum(c.skipped), 0)::int8 as skipped
    from imports i left join journal_chunks c on c.import_id = i.id
    where i.restore_id = ${restoreId} group by i.id`;
}

export interface FinishedPart {
  importId: string;
  state: "completed" | "completed_with_errors";
  result: object;
}

/** Closes the imports of a restore with what each came to. */
export async function finishParts(
  tx: SqlTransaction,
  parts: readonly FinishedPart[],
  times: { finishedAt: Date; expiresAt: Date },
): Promise<void> {
  await tx`
    update imports i set state = f.state, result = f.result, finished_at = ${times.finishedAt},
      expires_at = ${times.expiresAt}
    from jsonb_to_recordset(${tx.json(parts as never)}) as f("importId" uuid, state text, result jsonb)
    where i.id = f."importId"`;
}

/** Ends the imports of a restore that ends without having changed anything, or whose changes are taken back. */
export async function endParts(
  tx: SqlTransaction,
  restoreId: string,
  end: { state: string; failure: object; finishedAt: Date },
): Promise<void> {
  await tx`
    update imports set state = ${end.state}, failure = ${tx.json(end.failure as never)},
      finished_at = ${end.finishedAt}, expires_at = ${end.finishedAt}, staged = null
    where restore_id = ${restoreId}`;
}
