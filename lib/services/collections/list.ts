import { countCollections, listCollections as listRows } from "@/db/queries/collections";
import type { Collection } from "@/lib/contracts/collections";
import type { Page } from "@/lib/contracts/common";
import { ValidationError } from "@/lib/platform/errors";
import { isUuid } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { collectionView } from "./view";

/** The user's collections, newest first. */
export async function listCollections(
  ctx: ServiceContext,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<Page<Collection>> {
  if (cursor !== undefined && !isUuid(cursor)) {
    throw new ValidationError("The cursor is not one of ours.", undefined, "invalid-cursor");
  }
  const { orm } = ctx.db;
  const rows = await listRows(orm, ctx.ownerId, { limit: limit + 1, ...(cursor && { before: cursor }) });
  const items = rows.slice(0, limit).map(collectionView);
  return {
    items,
    nextCursor: rows.length > limit ? items.at(-1)!.id : null,
    total: await countCollections(orm, ctx.ownerId),
  };
}
