import type { SqlTransaction } from "@/db/client";
import type { ExportRow } from "@/db/queries/exports";
import type { SystemContext } from "@/lib/services/context";
import { tellNews, type Told } from "@/lib/services/notifications/tell";

/** Tells that an export is ready, in the transaction that makes it so. `ready` says what, and until when. */
export function tellFinished(
  ctx: SystemContext,
  tx: SqlTransaction,
  row: ExportRow,
  ready: string,
): Promise<Told> {
  const news = { kind: "export-finished" as const, title: "Your export is ready", message: ready };
  return tellNews(ctx, tx, { ...news, ...subjectOf(row) });
}

/** Tells that an export failed, and why, in the transaction that ends it. */
export function tellFailed(
  ctx: SystemContext,
  tx: SqlTransaction,
  row: ExportRow,
  why: string,
): Promise<Told> {
  const message = `${row.file_name} was not made. ${why}`;
  return tellNews(ctx, tx, { kind: "export-failed", title: "An export failed", message, ...subjectOf(row) });
}

function subjectOf({ id, owner_id: ownerId }: ExportRow) {
  return { ownerId, subjectId: id, fact: `export/${id}` };
}
