import { findExport } from "@/db/queries/exports";
import { findShareLink, listShareAccesses, listShareLinks } from "@/db/queries/share-links";
import type { Page } from "@/lib/contracts/common";
import type { ListShares, Share, ShareAccess } from "@/lib/contracts/shares";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import { isUuid } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { shareView } from "@/lib/services/shares/view";

export async function getShare(ctx: ServiceContext, id: string): Promise<Share> {
  const row = await findShareLink(ctx.db.sql, id, ctx.ownerId);
  if (!row) throw new NotFoundError("share link");
  return shareView(row, ctx.now());
}

/** The links of an export of this user, newest first, those that ended included. */
export async function listShares(
  ctx: ServiceContext,
  exportId: string,
  query: ListShares,
): Promise<Page<Share>> {
  checkCursor(query);
  if (!(await findExport(ctx.db.sql, exportId, ctx.ownerId))) throw new NotFoundError("export");
  const rows = await listShareLinks(ctx.db.sql, exportId, query);
  const items = rows.slice(0, query.limit).map((row) => shareView(row, ctx.now()));
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

/** When a link of this user was used, newest first. */
export async function listAccesses(
  ctx: ServiceContext,
  id: string,
  query: ListShares,
): Promise<Page<ShareAccess>> {
  checkCursor(query);
  await getShare(ctx, id);
  const rows = await listShareAccesses(ctx.db.sql, id, query);
  const items = rows.slice(0, query.limit).map((row) => ({ ...row, at: row.at.toISOString() }));
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

function checkCursor({ cursor }: ListShares): void {
  if (cursor === undefined || isUuid(cursor)) return;
  throw new ValidationError("The cursor is not one of ours.", [{ path: "cursor", message: "unknown" }]);
}
