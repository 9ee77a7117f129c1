import type { OrmTransaction } from "@/db/client";
import { recordGivens } from "@/db/schema";
import type { RecordRow } from "./records";

/**
 * Keeps what an import gave a record, before somebody else changes it: as long as that import was the last to write the
 * record, its data were the only note of it. An earlier note of the same import stays.
 */
export async function keepGiven(tx: OrmTransaction, before: RecordRow): Promise<void> {
  if (before.sourceImportId === null) return;
  await tx
    .insert(recordGivens)
    .values({
      collectionId: before.collectionId,
      recordId: before.id,
      importId: before.sourceImportId,
      given: before.data,
      givenAt: before.updatedAt,
    })
    .onConflictDoNothing();
}
