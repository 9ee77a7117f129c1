import { deleteCollection as deleteRow, findCollection } from "@/db/queries/collections";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";

/**
 * Removes a collection and all its records.
 * @throws ConflictError `collection-busy` while an import writes to it
 */
export async function deleteCollection(ctx: ServiceContext, id: string): Promise<void> {
  const { orm } = ctx.db;
  if (await deleteRow(orm, ctx.ownerId, id)) return;
  if (!(await findCollection(orm, ctx.ownerId, id))) throw new NotFoundError("collection");
  throw new ConflictError(
    "collection-busy",
    "An import is writing to this collection. Cancel it or wait for its end.",
  );
}
