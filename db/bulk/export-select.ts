/** A column of a CSV export, as SQL makes it. */
export type ExportColumn =
  /** A field's value; `guard` = text that a spreadsheet might run as a formula gets an apostrophe before it. */
  | { kind: "field"; field: string; guard: boolean }
  /** Days from one date field to the other, both counted; up to `today` ("YYYY-MM-DD") while the second is empty. */
  | { kind: "days"; from: string; to: string; today: string }
  | { kind: "metadata"; name: "id" | "version" | "createdAt" | "updatedAt" | "source" };

/** Records of a time: those whose value is at or after `start` and before or at `end`. */
export interface ExportRange {
  /** A date or datetime field, or the record's creation. */
  by: { field: string; type: "date" | "datetime" } | "createdAt";
  /** "YYYY-MM-DD" or a moment in ISO 8601. A day as the end includes the whole day (UTC). */
  start?: string;
  end?: string;
}

export interface ExportSelection {
  collectionId: string;
  ownerId: string;
  range?: ExportRange;
}

// COPY takes no parameters: everything is quoted into the statement here, and nowhere else.

/** Code points with which dangerous text begins (lib/core/csv-safety.ts): told apart before a pattern is tried. */
const DANGEROUS_FIRST = [..."'=+-@\t\r\n＝＋－＠"].map((c) => c.codePointAt(0)).join(",");
const DANGEROUS = String.raw`^'*[=+\-@\t\r\n＝＋－＠]`;

const METADATA = {
  id: "id",
  version: "version",
  createdAt: isoMoment("created_at"),
  updatedAt: isoMoment("updated_at"),
  source: "case when source_import_id is null then 'hand' else 'import ' || source_import_id end",
} as const;

/** A query whose rows are the cells of a CSV file. */
export function csvSelect(selection: ExportSelection, columns: readonly ExportColumn[]): string {
  const cells = columns.map(cellExpression);
  // A lone empty cell must be quoted, or the row would be a blank line.
  const list = cells.length === 1 ? `coalesce(${cells[0]!}, '')` : cells.join(", ");
  return `select ${list} from records ${whereOf(selection)} order by id`;
}

/**
 * A query whose rows are records as JSON texts on one line, each with a comma before it. `without` are fields that are
 * left out of the data.
 */
export function jsonSelect(
  selection: ExportSelection,
  shape: { metadata: boolean; without: readonly string[] },
): string {
  const data = shape.without.length > 0 ? `data - array[${shape.without.map(quoted).join(",")}]` : "data";
  const metadata = shape.metadata
    ? `'version', version, 'createdAt', ${METADATA.createdAt}, 'updatedAt', ${METADATA.updatedAt}, 'source',
       case when source_import_id is null then '{"kind":"hand"}'::json
            else json_build_object('kind', 'import', 'importId', source_import_id) end,`
    : "";
  return `select ',' || json_build_object('id', id, ${metadata} 'data', ${data})::text
          from records ${whereOf(selection)} order by id`;
}

export function countSelect(selection: ExportSelection): string {
  return `select count(*)::int8 as count from records ${whereOf(selection)}`;
}

function cellExpression(column: ExportColumn): string {
  switch (column.kind) {
    case "metadata":
      return METADATA[column.name];
    case "field": {
      const value = `data ->> ${quoted(column.field)}`;
      if (!column.guard) return value;
      return `case when ascii(${value}) in (${DANGEROUS_FIRST}) and ${value} ~ ${quoted(DANGEROUS)}
              then '''' || (${value}) else ${value} end`;
    }
    case "days": {
      const from = `(data ->> ${quoted(column.from)})::date`;
      const to = `(data ->> ${quoted(column.to)})::date`;
      const today = `${quoted(column.today)}::date`;
      return `case when ${from} is null or ${to} < ${from} then null
              when ${to} is null then greatest(0, ${today} - ${from} + 1) else ${to} - ${from} + 1 end`;
    }
  }
}

function whereOf({ collectionId, ownerId, range }: ExportSelection): string {
  const conditions = [`collection_id = ${quoted(collectionId)}::uuid`, `owner_id = ${quoted(ownerId)}::uuid`];
  if (range?.start !== undefined)
    conditions.push(`${valueOf(range)} >= ${quoted(range.start)}::${typeOf(range)}`);
  if (range?.end !== undefined) {
    const end = `${quoted(range.end)}::${typeOf(range)}`;
    const wholeDay = typeOf(range) === "timestamptz" && range.end.length === 10;
    conditions.push(`${valueOf(range)} ${wholeDay ? `< ${end} + interval '1 day'` : `<= ${end}`}`);
  }
  return `where ${conditions.join(" and ")}`;
}

function valueOf({ by }: ExportRange): string {
  return by === "createdAt"
    ? "created_at"
    : `(data ->> ${quoted(by.field)})::${by.type === "date" ? "date" : "timestamptz"}`;
}

function typeOf({ by }: ExportRange): "date" | "timestamptz" {
  return by !== "createdAt" && by.type === "date" ? "date" : "timestamptz";
}

function isoMoment(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** A literal; standard_conforming_strings is on (the server's default since 9.1), so a backslash is only itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("\0", "").replaceAll("'", "''")}'`;
}
