import { findExport, listExports as selectExports } from "@/db/queries/exports";
import type { Page } from "@/lib/contracts/common";
import type { Export, ListExports } from "@/lib/contracts/exports";
import { NotFoundError, ValidationError } from "@/lib/platform/errors";
import { isUuid } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { exportView } from "@/lib/services/exports/view";

export async function getExport(ctx: ServiceContext, id: string): Promise<Export> {
  const row = await findExport(ctx.db.sql, id, ctx.ownerId);
  if (!row) throw new NotFoundError("export");
  return exportView(row, ctx.now());
}

/** The user's exports, newest first. */
export async function listExports(ctx: ServiceContext, query: ListExports): Promise<Page<Export>> {
  if (query.cursor !== undefined && !isUuid(query.cursor)) {
    throw new ValidationError("The cursor is not one of ours.", [{ path: "cursor", message: "unknown" }]);
  }
  const rows = await selectExports(ctx.db.sql, ctx.ownerId, query);
  const items = rows.slice(0, query.limit).map((row) => exportView(row, ctx.now()));
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}
