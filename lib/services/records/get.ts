import { findRecord } from "@/db/queries/records";
import type { RecordView } from "@/lib/contracts/records";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { recordView } from "./view";

/** @throws NotFoundError also for another user's record */
export async function getRecord(
  ctx: ServiceContext,
  { collectionId, recordId }: { collectionId: string; recordId: string },
): Promise<RecordView> {
  const row = await findRecord(ctx.db.orm, { ownerId: ctx.ownerId, collectionId, id: recordId });
  if (!row) throw new NotFoundError("record");
  return await recordView(ctx.db.orm, row);
}
