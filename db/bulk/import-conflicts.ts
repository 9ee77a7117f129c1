import type { AnySql } from "@/db/client";
import {
  type ActionRules,
  actionExpression,
  clashExpression,
  decisionExpression,
  mergedExpression,
} from "./import-actions";
import { rowSources } from "./import-count";
import { MATCHED_BY } from "./match-input";
import { literal } from "./key-hash";

type Data = Record<string, string | number | boolean>;

export type ConflictKindName =
  "same-id" | "same-key" | "fuzzy" | "changed-since-export" | "duplicate-in-file";

export interface ConflictRow {
  row: number;
  kind: ConflictKindName;
  incoming: Data;
  existing: Data;
  base: Data | null;
  merged: Data;
  clashing: string[];
  confidence: number;
  recordId: string;
  recordVersion: number;
  recordUpdatedAt: Date;
  resolution: "overwrite" | "skip" | "merge" | "keepBoth" | null;
  patch: Record<string, string | number | boolean | null> | null;
}

/** Which conflicts are meant; what is left out does not restrict. Confidences in thousandths. */
export interface ConflictWhere {
  kind?: ConflictKindName;
  minConfidence?: number;
  maxConfidence?: number;
  /** Only those in which this field clashes. */
  field?: string;
  state?: "all" | "unresolved" | "resolved";
  rows?: readonly number[];
}

/** SQL text of a conflict's kind. */
function kindExpression({ exportedAt }: ConflictSource): string {
  const byId = exportedAt
    ? `case when r.updated_at > ${literal(exportedAt)}::timestamptz then 'changed-since-export' else 'same-id' end`
    : "'same-id'";
  return `case p.how when ${MATCHED_BY.id} then ${byId} when ${MATCHED_BY.fuzzy} then 'fuzzy'
    else case when d.repeated then 'duplicate-in-file' else 'same-key' end end`;
}

function conditions(source: ConflictSource, where: ConflictWhere): { text: string; values: unknown[] } {
  const { rules } = source;
  const values: unknown[] = [];
  const parts = [`s.errors is null and d.row_number is not null and ${clashExpression(rules)}`];
  const add = (text: (parameter: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    // After the import's id.
    parts.push(text(`$${values.length + 1}`));
  };
  add((p) => `${kindExpression(source)} = ${p}::text`, where.kind);
  add((p) => `d.confidence >= ${p}::int`, where.minConfidence);
  add((p) => `d.confidence <= ${p}::int`, where.maxConfidence);
  add((p) => `${p}::text = any(d.clashing)`, where.field);
  add((p) => `s.row_number = any(${p}::int[])`, where.rows);
  if (where.state === "unresolved") parts.push(`${decisionExpression(rules)} = 'ask'`);
  if (where.state === "resolved") parts.push(`${decisionExpression(rules)} <> 'ask'`);
  return { text: parts.join(" and "), values };
}

export interface ConflictSource {
  importId: string;
  rules: ActionRules;
  /** When the Ferry export was made that the file is; null for other files. */
  exportedAt: string | null;
}

/** Rows that clash with a record, in the order of the file, from after `afterRow` on. */
export async function readConflicts(
  sql: AnySql,
  source: ConflictSource,
  where: ConflictWhere,
  page: { afterRow: number; limit: number },
): Promise<ConflictRow[]> {
  const { text, values } = conditions(source, where);
  const at = values.length + 2;
  return await sql.unsafe<ConflictRow[]>(
    `select s.row_number as row, ${kindExpression(source)} as kind, s.data as incoming, r.data as existing, d.base,
       ${mergedExpression()} as merged, d.clashing, d.confidence, r.id as "recordId", r.version as "recordVersion",
       r.updated_at as "recordUpdatedAt", x.resolution, x.patch
     ${rowSources(source.importId)}
     where ${text} and r.id is not null and s.row_number > $${at}
     order by s.row_number limit $${at + 1}`,
    [source.importId, ...values, page.afterRow, page.limit] as never[],
  );
}

export async function countConflicts(
  sql: AnySql,
  source: ConflictSource,
  where: ConflictWhere,
): Promise<{ total: number; matching: number; unresolved: number }> {
  const all = conditions(source, {});
  const { text, values } = conditions(source, where);
  const [row] = await sql.unsafe<{ total: number; matching: number; unresolved: number }[]>(
    `select count(*)::int8 as total, count(*) filter (where ${text})::int8 as matching,
       count(*) filter (where ${actionExpression(source.rules)} = 'ask')::int8 as unresolved
     ${rowSources(source.importId)} where ${all.text}`,
    [source.importId, ...values] as never[],
  );
  return row ?? { total: 0, matching: 0, unresolved: 0 };
}

/** One decision for all conflicts that meet a condition; null takes decisions back. */
export async function decideConflicts(
  sql: AnySql,
  source: ConflictSource,
  where: ConflictWhere,
  resolution: ConflictRow["resolution"],
): Promise<void> {
  const { text, values } = conditions(source, where);
  const rows = `select s.row_number ${rowSources(source.importId)} where ${text}`;
  const parameters = [source.importId, ...values] as never[];
  if (resolution === null) {
    await sql.unsafe(
      `delete from import_resolutions where import_id = $1 and row_number in (${rows})`,
      parameters,
    );
    return;
  }
  await sql.unsafe(
    `insert into import_resolutions (import_id, row_number, resolution)
     select $1::uuid, row_number, '${resolution}' from (${rows}) chosen
     on conflict (import_id, row_number) do update set resolution = excluded.resolution, patch = null`,
    parameters,
  );
}
