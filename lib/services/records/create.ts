import { touchCollection } from "@/db/queries/collections";
import { insertRecord } from "@/db/queries/records";
import type { InputData, RecordView } from "@/lib/contracts/records";
import { NotFoundError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { storedFields } from "@/lib/services/collections/view";
import type { ServiceContext } from "@/lib/services/context";
import { checkData, withRequired } from "./check-data";
import { recordView } from "./view";

/** A record made by hand. @throws NotFoundError, ValidationError */
export async function createRecord(
  ctx: ServiceContext,
  collectionId: string,
  input: { data: InputData },
): Promise<RecordView> {
  return ctx.db.orm.transaction(async (tx) => {
    const collection = await touchCollection(tx, ctx.ownerId, collectionId, 1);
    if (!collection) throw new NotFoundError("collection");
    const fields = storedFields(collection);
    const { values } = checkData(fields, withRequired(fields, input.data));
    const key = { ownerId: ctx.ownerId, collectionId, id: newId() };
    return await recordView(tx, await insertRecord(tx, key, values, collection.keyFields));
  });
}
