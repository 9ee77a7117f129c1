import { touchCollection } from "@/db/queries/collections";
import { deleteRecord as deleteRow, lockRecord } from "@/db/queries/records";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { noteEdit } from "./note-edit";
import { requireVersion, type ExpectedVersion } from "./version";

/** @throws NotFoundError; PreconditionFailedError when it is not at the expected version any more */
export async function deleteRecord(
  ctx: ServiceContext,
  { collectionId, recordId }: { collectionId: string; recordId: string },
  expected: ExpectedVersion,
): Promise<void> {
  await ctx.db.orm.transaction(async (tx) => {
    const key = { ownerId: ctx.ownerId, collectionId, id: recordId };
    const before = await lockRecord(tx, key);
    if (!before) throw new NotFoundError("record");
    requireVersion(before.version, expected);
    await noteEdit(tx, ctx, before, "delete");
    await deleteRow(tx, key);
    await touchCollection(tx, ctx.ownerId, collectionId, -1);
  });
}
