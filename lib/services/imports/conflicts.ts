import { readConflicts, type ConflictRow } from "@/db/bulk/import-plan";
import { findImport } from "@/db/queries/imports";
import { isStaged } from "@/db/bulk/staging";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { loadImport, type RunningImport } from "./running";

/** One row of the file that is a record of the collection already, with different content. */
export interface ConflictView {
  /** Stable over re-planning: the row's number. */
  id: string;
  kind: "same-id" | "same-key";
  row: number;
  incoming: Record<string, string | number | boolean>;
  existing: { id: string; version: number; data: Record<string, string | number | boolean> };
  differingFields: string[];
  confidence: number;
  evidence: { field: string; weight: number; score: number }[];
  suggestedAction: "ask" | "skip" | "overwrite" | "merge" | "keepBoth";
  resolution: string | null;
}

export interface ConflictPage {
  items: ConflictView[];
  nextCursor: string | null;
  total: number;
}

export async function listConflicts(
  ctx: ServiceContext,
  id: string,
  page: { limit: number; cursor?: string; kind?: string; minConfidence?: number },
): Promise<ConflictPage> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (!row.plan || !(await isStaged(ctx.db.sql, id))) {
    throw new ConflictError("not-planned", "The conflicts of this import are not known (yet).");
  }
  const running = await loadImport(ctx, row);
  const afterRow = Number(page.cursor ?? 0) || 0;
  const found = await readConflicts(ctx.db.sql, id, { afterRow, limit: page.limit + 1 });
  const items = found
    .slice(0, page.limit)
    .map((r) => conflictView(running, r))
    .filter((c) => !page.kind || c.kind === page.kind)
    .filter((c) => c.confidence >= (page.minConfidence ?? 0));
  const last = found[page.limit - 1];
  return {
    items,
    nextCursor: found.length > page.limit && last ? String(last.row) : null,
    total: (row.plan as { conflicts: number }).conflicts,
  };
}

function conflictView(running: RunningImport, r: ConflictRow): ConflictView {
  // What the file does not say is no difference.
  const differingFields = Object.keys(r.incoming).filter((name) => r.incoming[name] !== r.existing[name]);
  const criteria = running.criteria.length > 0 ? running.criteria : Object.keys(r.incoming);
  const evidence = r.byId
    ? []
    : criteria.map((field) => ({
        field,
        weight: 1 / criteria.length,
        score: r.incoming[field] === r.existing[field] ? 1 : 0,
      }));
  return {
    id: String(r.row),
    kind: r.byId ? "same-id" : "same-key",
    row: r.row,
    incoming: r.incoming,
    existing: { id: r.recordId, version: r.recordVersion, data: r.existing },
    differingFields,
    confidence: 1,
    evidence,
    suggestedAction: "ask",
    resolution: r.resolution,
  };
}
