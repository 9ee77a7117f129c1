import { sql, type SQL } from "drizzle-orm";
import type { Orm } from "@/db/client";

/** How the values of a field compare: as numbers, as text in reading order, or byte by byte (dates, booleans). */
export type Comparison = "number" | "text" | "bytes";

export interface FieldRef {
  name: string;
  comparison: Comparison;
}

export interface RecordOrder {
  by: "id" | "createdAt" | "updatedAt" | FieldRef;
  descending: boolean;
}

export type RecordCondition =
  | { op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte"; field: FieldRef; value: string }
  | { op: "contains"; field: FieldRef; value: string }
  | { op: "empty" | "notEmpty"; field: FieldRef }
  /** Any of the fields contains the text, in any case. */
  | { op: "search"; fields: string[]; text: string };

export interface RecordSelection {
  collectionId: string;
  conditions: RecordCondition[];
}

export interface RecordPageQuery extends RecordSelection {
  order: RecordOrder;
  limit: number;
  offset?: number;
  /** The last row of the page before: its sort value as text (null = empty or sorted by id) and its id. */
  after?: { value: string | null; id: string };
  /** Looks only at that many rows after the cursor, in the order of ids: common words are found without a whole scan. */
  scanRows?: number;
}

export interface ListedRecord {
  id: string;
  version: number;
  data: Record<string, string | number | boolean>;
  source_import_id: string | null;
  created_at: string;
  updated_at: string;
  sort_value: string | null;
}

/**
 * One page of records. The inner query finds ids only, so that sorting a million rows moves few bytes; their contents
 * are then looked up by key.
 */
export async function listRecords(orm: Orm, query: RecordPageQuery): Promise<ListedRecord[]> {
  const { order, collectionId } = query;
  const direction = order.descending ? sql`desc` : sql`asc`;
  const value = sortExpression(order.by);
  const where = [sql`collection_id = ${collectionId}`, ...query.conditions.map(conditionSql)];
  if (query.after) where.push(afterSql(value, order.descending, query.after));
  const sorting = value ? sql`v ${direction} nulls last, id ${direction}` : sql`id ${direction}`;
  // Left to itself, the planner walks the key of a whole collection in one process, hoping for an early end that the
  // rows near the beginning (`scanRows`) have just ruled out. All matches first means all processors.
  const searchAll = !value && query.conditions.length > 0 && query.scanRows === undefined;
  const found = sql`select id, ${value ?? sql`null`} as v from ${source(query, direction)}
      where ${sql.join(where, sql` and `)}`;
  const rows = await orm.execute<ListedRecord & Record<string, unknown>>(sql`
    with ${searchAll ? sql`found as materialized (${found}),` : sql``} page as materialized (
      ${searchAll ? sql`select id, v from found` : found}
      order by ${sorting} limit ${query.limit} offset ${query.offset ?? 0}
    )
    select r.id, r.version, r.data, r.source_import_id, page.v::text as sort_value,
      ${utc(sql`r.created_at`)} as created_at, ${utc(sql`r.updated_at`)} as updated_at
    from page join records r on r.collection_id = ${collectionId} and r.id = page.id
    order by ${value ? sql`page.v ${direction} nulls last, page.id ${direction}` : sql`page.id ${direction}`}`);
  return [...rows];
}

export async function countRecords(orm: Orm, { collectionId, conditions }: RecordSelection): Promise<number> {
  const where = [sql`collection_id = ${collectionId}`, ...conditions.map(conditionSql)];
  const [row] = await orm.execute<{ count: string }>(
    sql`select count(*) as count from records where ${sql.join(where, sql` and `)}`,
  );
  return Number(row?.count ?? 0);
}

function source({ scanRows, collectionId, after, order }: RecordPageQuery, direction: SQL): SQL {
  if (scanRows === undefined) return sql`records`;
  const beyond = order.descending ? sql`<` : sql`>`;
  const start = after ? sql`and id ${beyond} ${after.id}` : sql``;
  return sql`(select * from records where collection_id = ${collectionId} ${start}
              order by id ${direction} limit ${scanRows}) records`;
}

function sortExpression(by: RecordOrder["by"]): SQL | undefined {
  if (by === "id") return undefined;
  if (by === "createdAt") return sql`created_at`;
  if (by === "updatedAt") return sql`updated_at`;
  // Sorting doubles takes less than half the time of numerics; numbers that differ only in the 16th digit stay in the
  // order of their ids.
  if (by.comparison !== "number") return fieldSql(by);
  const number = sql`(data ->> ${textLiteral(by.name)})`;
  return sql`case when length(${number}) >= 300
    then round(least(greatest(${number}::numeric, -1e308), 1e308), 300)::float8 else ${number}::float8 end`;
}

function afterSql(
  value: SQL | undefined,
  descending: boolean,
  after: { value: string | null; id: string },
): SQL {
  const beyond = descending ? sql`<` : sql`>`;
  const laterId = sql`id ${beyond} ${after.id}`;
  if (!value) return laterId;
  if (after.value === null) return sql`(${value} is null and ${laterId})`;
  const last = sql`${after.value}`;
  return sql`(${value} ${beyond} ${last} or (${value} = ${last} and ${laterId}) or ${value} is null)`;
}

function fieldSql({ name, comparison }: FieldRef): SQL {
  if (comparison === "number") return sql`(data ->> ${textLiteral(name)})::numeric`;
  const collation = comparison === "text" ? sql`"und-x-icu"` : sql`"C"`;
  return sql`(data ->> ${textLiteral(name)}) collate ${collation}`;
}

const OPERATORS = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

/** The condition on a row of `records`, with its values as parameters. */
export function conditionSql(condition: RecordCondition): SQL {
  switch (condition.op) {
    case "empty":
      return sql`not (data ? ${condition.field.name})`;
    case "notEmpty":
      return sql`data ? ${condition.field.name}`;
    case "contains":
      return containsSql(sql`(data ->> ${textLiteral(condition.field.name)})`, condition.value);
    case "search":
      return searchSql(condition.fields, condition.text);
    case "ne":
      return sql`${fieldSql(condition.field)} is distinct from ${typed(condition.field, condition.value)}`;
    default:
      return sql`${fieldSql(condition.field)} ${sql.raw(OPERATORS[condition.op])} ${typed(condition.field, condition.value)}`;
  }
}

function typed(field: FieldRef, value: string): SQL {
  return field.comparison === "number" ? sql`${value}::numeric` : sql`${value}::text`;
}

/** From here on, looking each field up costs more than writing the whole record as text. */
const SEARCHED_FIELDS_MAX = 24;

function searchSql(fields: string[], text: string): SQL {
  if (fields.length === 0) return sql`false`;
  if (fields.length > SEARCHED_FIELDS_MAX) {
    // The record's text also holds names and escapes: it only rules records out, the values decide.
    const inJson = JSON.stringify(text).slice(1, -1);
    const anyValue = sql`select 1 from jsonb_each_text(data) e where ${containsSql(sql`e.value`, text)}`;
    return sql`(${containsSql(sql`data::text`, inJson)} and exists (${anyValue}))`;
  }
  // A line feed between the values keeps a match from spanning two of them, unless it was searched for.
  const values = fields.map((name) => sql`coalesce(data ->> ${textLiteral(name)}, '')`);
  return containsSql(sql`(${sql.join(values, sql` || E'\\n' || `)})`, text);
}

function containsSql(value: SQL, text: string): SQL {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  // Comparing as ASCII halves the time; text with other letters needs the database's own case rules.
  const collation = /^[\x00-\x7f]*$/.test(text) ? sql` collate "C"` : sql``;
  return sql`${value}${collation} ilike ${pattern}`;
}

/** Inside an expression that stands twice in a statement, the text must be the same to the planner: not a parameter. */
function textLiteral(text: string): SQL {
  return sql.raw(`'${text.replaceAll("'", "''")}'`);
}

/** ISO 8601 with milliseconds, as JavaScript writes it. */
function utc(moment: SQL): SQL {
  return sql`to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
