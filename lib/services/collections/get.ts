import { findCollection } from "@/db/queries/collections";
import type { Collection } from "@/lib/contracts/collections";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { collectionView } from "./view";

/** @throws NotFoundError also for another user's collection */
export async function getCollection(ctx: ServiceContext, id: string): Promise<Collection> {
  const row = await findCollection(ctx.db.orm, ctx.ownerId, id);
  if (!row) throw new NotFoundError("collection");
  return collectionView(row);
}
