import { findCollection } from "@/db/queries/collections";
import { listDeletedRecords, type DeletedRow } from "@/db/queries/deleted-records";
import type { Page } from "@/lib/contracts/common";
import type { DeletedRecord, ListDeleted } from "@/lib/contracts/deleted-records";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { decodeCursor, encodeCursor } from "./cursor";

const SORT = "deleted";

/**
 * Records that were deleted by hand or over the API and can be put back, the last deleted first.
 * @throws NotFoundError, ValidationError for a cursor that is none
 */
export async function listDeleted(
  ctx: ServiceContext,
  collectionId: string,
  { limit, cursor }: ListDeleted,
): Promise<Page<DeletedRecord>> {
  const { orm } = ctx.db;
  if (!(await findCollection(orm, ctx.ownerId, collectionId))) throw new NotFoundError("collection");
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const rows = await listDeletedRecords(orm, collectionId, { limit: limit + 1, after });
  const items = rows.slice(0, limit).map(deletedView);
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      last && rows.length > limit ? encodeCursor(SORT, { value: last.deletedAt, id: last.id }) : null,
  };
}

function placeOf(cursor: string): { at: string; id: string } {
  const { value, id } = decodeCursor(SORT, cursor);
  if (value === null || Number.isNaN(Date.parse(value))) {
    throw new ValidationError("The cursor does not belong to this list.", undefined, "invalid-cursor");
  }
  return { at: value, id };
}

function deletedView({ id, version, data, deletedAt, userId, author }: DeletedRow): DeletedRecord {
  return {
    id,
    version,
    deletedAt: deletedAt.toISOString(),
    by: { userId, label: author ?? "somebody" },
    data,
  };
}
