import { revokeShareLink } from "@/db/queries/share-links";
import type { Share } from "@/lib/contracts/shares";
import type { ServiceContext } from "@/lib/services/context";
import { getShare } from "@/lib/services/shares/get-share";

/** Ends a link for good, and the downloads that it began: what is on its way arrives, nothing else does. */
export async function revokeShare(ctx: ServiceContext, id: string): Promise<Share> {
  await revokeShareLink(ctx.db.sql, id, ctx.ownerId, ctx.now());
  return getShare(ctx, id);
}
