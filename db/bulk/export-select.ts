import { quoted } from "@/db/bulk/export-literal";
import { METADATA, valueOf, type ExportColumn, type Treatment } from "@/db/bulk/export-values";
import { whereOf, type ExportSelection } from "@/db/bulk/export-where";

// COPY takes no parameters: everything is quoted into the statement (export-literal.ts).

/** How the data of a record are written as JSON. */
export interface JsonShape {
  /** Version, times and source of each record. */
  metadata: boolean;
  /** Names of fields that are left out of the data. */
  without: readonly string[];
  /** Fields whose values are replaced. */
  treated: readonly { field: string; treatment: Treatment }[];
}

/** A query whose rows are the cells of a table. */
export function cellsSelect(selection: ExportSelection, columns: readonly ExportColumn[]): string {
  const cells = columns.map(valueOf);
  // A lone empty cell must be quoted, or the row would be a blank line.
  const list = cells.length === 1 ? `coalesce(${cells[0]!}, '')` : cells.join(", ");
  return `select ${list} from records ${whereOf(selection)} order by id`;
}

/** A query whose rows are records as JSON texts on one line, each with `before` in front of it. */
export function jsonSelect(selection: ExportSelection, shape: JsonShape, before: "," | ""): string {
  // Texts put together cost a third of what json_build_object does; ids, times and numbers hold nothing to escape.
  const metadata = shape.metadata
    ? `,"version":' || version || ',"createdAt":"' || ${METADATA.createdAt} || '","updatedAt":"' ||
       ${METADATA.updatedAt} || '","source":' || case when source_import_id is null then '{"kind":"hand"}'
         else '{"kind":"import","importId":"' || source_import_id || '"}' end || '`
    : "";
  return `select '${before}{"id":"' || id || '"${metadata},"data":' || ${dataOf(shape)}::text || '}'
          from records ${whereOf(selection)} order by id`;
}

export function countSelect(selection: ExportSelection): string {
  return `select count(*)::int8 as count from records ${whereOf(selection)}`;
}

function dataOf({ without, treated }: JsonShape): string {
  const replaced = treated.map(({ field }) => field);
  const gone = [...without, ...replaced];
  const kept = gone.length > 0 ? `data - array[${gone.map(quoted).join(",")}]` : "data";
  if (treated.length === 0) return `(${kept})`;
  const pairs = treated.map(
    ({ field, treatment }) =>
      `${quoted(field)}, ${valueOf({ kind: "field", field, guard: false, treatment })}`,
  );
  // PostgreSQL takes 100 arguments of one function.
  const objects = chunksOf(pairs, 40).map(
    (some) => `jsonb_strip_nulls(jsonb_build_object(${some.join(", ")}))`,
  );
  return `(${[`(${kept})`, ...objects].join(" || ")})`;
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}
