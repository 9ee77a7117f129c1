import type { SqlTransaction } from "@/db/client";

/** The first and last id of the records that a chunk's journal tells of. */
export interface JournalBounds {
  first: string;
  last: string;
}

/**
 * Between which ids the records of a journalled chunk lie; undefined when it tells of none. A file mostly names records
 * in the order in which they were made, so that a chunk's are neighbours: bound to them, a join reads a piece of the
 * collection and not all of it once more for each chunk. Where they lie anywhere, it costs two look-ups.
 */
export async function journalBounds(
  tx: SqlTransaction,
  journal: { of: "import" | "undo"; id: string; chunk: number },
): Promise<JournalBounds | undefined> {
  const entries = tx.unsafe(
    journal.of === "import" ? "journal_entries where import_id =" : "undo_entries where undo_id =",
  );
  const end = (order: "asc" | "desc") => tx`(
    select record_id from ${entries} ${journal.id} and chunk = ${journal.chunk}
    order by record_id ${tx.unsafe(order)} limit 1)`;
  const [bounds] = await tx<{ first: string | null; last: string | null }[]>`
    select ${end("asc")} as first, ${end("desc")} as last`;
  return bounds?.first && bounds.last ? { first: bounds.first, last: bounds.last } : undefined;
}
