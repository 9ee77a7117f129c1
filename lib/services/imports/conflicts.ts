import {
  countConflicts,
  type ConflictRow,
  type ConflictSource,
  type ConflictWhere,
  readConflicts,
} from "@/db/bulk/import-conflicts";
import { isStaged } from "@/db/bulk/staging";
import { findImport } from "@/db/queries/imports";
import type { ConflictPage, ConflictsFilter, ConflictView } from "@/lib/contracts/review";
import { scoreMatch, suggestedAction } from "@/lib/core/matching/score";
import type { MatchRule } from "@/lib/core/matching/types";
import { ConflictError, NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { matchRuleOf } from "./match-rule";
import { loadImport, type RunningImport } from "./running";

/** Confidences and weights are thousandths inside, parts of one outside. */
const WHOLE = 1000;

type Page = Partial<ConflictsFilter> & { limit: number; cursor?: string };

export async function listConflicts(ctx: ServiceContext, id: string, page: Page): Promise<ConflictPage> {
  const row = await findImport(ctx.db, id, ctx.ownerId);
  if (!row) throw new NotFoundError("import");
  if (!row.plan || !(await isStaged(ctx.db.sql, id))) {
    throw new ConflictError("not-planned", "The conflicts of this import are not known (yet).");
  }
  const running = await loadImport(ctx, row);
  const source = conflictSource(running);
  const where = conflictWhere(page);
  const [found, counts] = await Promise.all([
    readConflicts(ctx.db.sql, source, where, {
      afterRow: Number(page.cursor ?? 0) || 0,
      limit: page.limit + 1,
    }),
    countConflicts(ctx.db.sql, source, where),
  ]);
  const rule = matchRuleOf(running);
  const last = found[page.limit - 1];
  return {
    items: found.slice(0, page.limit).map((conflict) => conflictView(rule, running, conflict)),
    nextCursor: found.length > page.limit && last ? String(last.row) : null,
    ...counts,
  };
}

export function conflictSource({ row, rules, detection }: RunningImport): ConflictSource {
  return { importId: row.id, rules, exportedAt: detection.exportedAt ?? null };
}

type Filter = Pick<ConflictsFilter, "kind" | "minConfidence" | "maxConfidence" | "field"> & {
  state?: ConflictsFilter["state"];
};

export function conflictWhere(filter: Filter): ConflictWhere {
  const { minConfidence, maxConfidence } = filter;
  return {
    ...filter,
    minConfidence: minConfidence === undefined ? undefined : Math.ceil(minConfidence * WHOLE - 1e-6),
    maxConfidence: maxConfidence === undefined ? undefined : Math.floor(maxConfidence * WHOLE + 1e-6),
  };
}

function conflictView(rule: MatchRule, { rules }: RunningImport, c: ConflictRow): ConflictView {
  const { evidence } = scoreMatch(rule, c.incoming, c.existing);
  return {
    id: String(c.row),
    kind: c.kind,
    row: c.row,
    incoming: c.incoming,
    existing: {
      id: c.recordId,
      version: c.recordVersion,
      updatedAt: c.recordUpdatedAt.toISOString(),
      data: c.existing,
    },
    base: c.base,
    merged: c.merged,
    // Without a base an empty cell says nothing, so it is no difference.
    differingFields: rules.mappedFields.filter(
      (f) => c.incoming[f] !== c.existing[f] && (f in c.incoming || c.base?.[f] !== undefined),
    ),
    clashingFields: c.clashing,
    confidence: c.confidence / WHOLE,
    evidence: evidence.map((e) => ({
      field: e.field,
      weight: e.weight / WHOLE,
      confidenceWeight: e.confidenceWeight / WHOLE,
      score: e.score / WHOLE,
      comparator: e.comparator.kind,
    })),
    suggestedAction: suggestedAction(rule, c.confidence),
    resolution: c.resolution && { resolution: c.resolution, fields: c.patch },
  };
}

/** How many rows wait for a decision, as the beginning of a message. */
export function rowsClash(count: number): string {
  return count === 1
    ? "1 row clashes with a record of the collection."
    : `${count} rows clash with records of the collection.`;
}
