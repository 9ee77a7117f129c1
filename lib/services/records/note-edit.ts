import type { OrmTransaction } from "@/db/client";
import { keepGiven } from "@/db/queries/record-givens";
import { insertEdit } from "@/db/queries/record-history";
import type { RecordRow } from "@/db/queries/records";
import type { ServiceContext } from "@/lib/services/context";

/**
 * Notes a change by hand in its transaction: what the record was, for its history, and what its import had given it,
 * for the next file of that source. `before` is the locked record; the change leads to its next version.
 */
export async function noteEdit(
  tx: OrmTransaction,
  ctx: ServiceContext,
  before: RecordRow,
  kind: "edit" | "revert" | "delete",
): Promise<void> {
  await keepGiven(tx, before);
  await insertEdit(tx, {
    collectionId: before.collectionId,
    recordId: before.id,
    version: before.version + 1,
    kind,
    before: before.data,
    beforeSourceImportId: before.sourceImportId,
    beforeCreatedAt: kind === "delete" ? before.createdAt : null,
    byUserId: ctx.ownerId,
  });
}

/** Notes that a deleted record was put back as `version`. */
export async function noteRestore(
  tx: OrmTransaction,
  ctx: ServiceContext,
  place: { collectionId: string; recordId: string; version: number },
): Promise<void> {
  await insertEdit(tx, { ...place, kind: "restore", before: {}, byUserId: ctx.ownerId });
}
