import { findCollection, touchCollection } from "@/db/queries/collections";
import { lockRecord, updateRecord as updateRow } from "@/db/queries/records";
import type { InputData, RecordView } from "@/lib/contracts/records";
import { NotFoundError } from "@/lib/platform/errors";
import { storedFields } from "@/lib/services/collections/view";
import type { ServiceContext } from "@/lib/services/context";
import { checkData } from "./check-data";
import { noteEdit } from "./note-edit";
import { requireVersion, type ExpectedVersion } from "./version";
import { recordView } from "./view";

/**
 * Changes the fields that `data` names; null removes a value. The record then counts as typed by hand.
 * @throws NotFoundError, ValidationError
 * @throws PreconditionFailedError when it is not at the expected version any more
 */
export async function updateRecord(
  ctx: ServiceContext,
  { collectionId, recordId }: { collectionId: string; recordId: string },
  input: { data: InputData; expected: ExpectedVersion },
): Promise<RecordView> {
  return ctx.db.orm.transaction(async (tx) => {
    const key = { ownerId: ctx.ownerId, collectionId, id: recordId };
    const before = await lockRecord(tx, key);
    const collection = before && (await findCollection(tx, ctx.ownerId, collectionId));
    if (!collection) throw new NotFoundError("record");
    requireVersion(before.version, input.expected);
    const { values, emptied } = checkData(storedFields(collection), input.data);
    const kept = Object.entries(before.data).filter(([name]) => !emptied.includes(name));
    const data = { ...Object.fromEntries(kept), ...values };
    await noteEdit(tx, ctx, before, "edit");
    const row = await updateRow(tx, key, data, collection.keyFields);
    await touchCollection(tx, ctx.ownerId, collectionId, 0);
    return await recordView(tx, row);
  });
}
