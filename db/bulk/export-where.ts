import { PgDialect } from "drizzle-orm/pg-core";
import { quoted } from "@/db/bulk/export-literal";
import { conditionSql, type RecordCondition } from "@/db/queries/records-list";

/** Records of a time: those whose value is at or after `start` and before or at `end`. */
export interface ExportRange {
  /** A date or datetime field, or the record's creation. */
  by: { field: string; type: "date" | "datetime" } | "createdAt";
  /** "YYYY-MM-DD" or a moment in ISO 8601. A day as the end includes the whole day (UTC). */
  start?: string;
  end?: string;
}

export interface ExportSelection {
  /** One that was found among its owner's in the same snapshot: what is in it is the owner's, too. */
  collectionId: string;
  range?: ExportRange;
  /** As the record browser filters; all must hold. */
  conditions?: readonly RecordCondition[];
}

const dialect = new PgDialect();

/** True when no record of the collection is left out. */
export function isWhole({ range, conditions = [] }: ExportSelection): boolean {
  return range?.start === undefined && range?.end === undefined && conditions.length === 0;
}

export function whereOf({ collectionId, range, conditions = [] }: ExportSelection): string {
  const all = [`collection_id = ${quoted(collectionId)}::uuid`];
  if (range?.start !== undefined) all.push(`${valueOf(range)} >= ${quoted(range.start)}::${typeOf(range)}`);
  if (range?.end !== undefined) {
    const end = `${quoted(range.end)}::${typeOf(range)}`;
    const wholeDay = typeOf(range) === "timestamptz" && range.end.length === 10;
    all.push(`${valueOf(range)} ${wholeDay ? `< ${end} + interval '1 day'` : `<= ${end}`}`);
  }
  all.push(...conditions.map(inlined));
  return `where ${all.join(" and ")}`;
}

/** A condition of the record browser with its values as literals. No text of PostgreSQL's holds a NUL. */
function inlined(condition: RecordCondition): string {
  return `(${dialect.sqlToQuery(conditionSql(condition).inlineParams()).sql.replaceAll("\0", "")})`;
}

function valueOf({ by }: ExportRange): string {
  return by === "createdAt"
    ? "created_at"
    : `(data ->> ${quoted(by.field)})::${by.type === "date" ? "date" : "timestamptz"}`;
}

function typeOf({ by }: ExportRange): "date" | "timestamptz" {
  return by !== "createdAt" && by.type === "date" ? "date" : "timestamptz";
}
