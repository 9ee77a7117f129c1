import { rowId } from "@/lib/platform/ids";
import { floorTable, planTable, stagingTable } from "./staging";

/**
 * How the records that an import inserts get their ids. prefix: the import's own 96 bits, and the row's number. stated:
 * the id that the staged row states, since a restore brings a record back as what it was.
 */
export type RecordIds = { by: "prefix"; prefix: string } | { by: "stated" };

/** SQL text (uuid) of the id of the record that the staged row `row` becomes. */
export function rowIdExpression(ids: RecordIds, row = "s"): string {
  if (ids.by === "stated") return `${row}.source_id`;
  return `('${checked(ids.prefix)}' || lpad(to_hex(${row}.row_number), 8, '0'))::uuid`;
}

interface RowRange {
  importId: string;
  ids: RecordIds;
  firstRow: number;
  lastRow: number;
}

/** SQL text that is true when `id` is that of a record which the rows first…last became. */
export function isInsertedExpression({ importId, ids, firstRow, lastRow }: RowRange, id = "id"): string {
  if (ids.by === "prefix") {
    const prefix = checked(ids.prefix);
    return `${id} between '${rowId(prefix, firstRow)}'::uuid and '${rowId(prefix, lastRow)}'::uuid`;
  }
  // A restore inserts every valid row that is no record yet, and no other.
  return `${id} in (
    select s.source_id from ${stagingTable(importId)} s
    where s.row_number between ${whole(firstRow)} and ${whole(lastRow)} and s.errors is null
      and not exists (select from ${planTable(importId)} p where p.row_number = s.row_number))`;
}

/** SQL text that is true when nobody has written record `r` since the import inserted it. */
export function isFreshExpression(
  { importId, ids }: Pick<RowRange, "importId" | "ids">,
  r = "records",
): string {
  return ids.by === "prefix"
    ? `${r}.version = 1`
    : `coalesce(${r}.source_import_id = '${checked(importId)}'::uuid, false)`;
}

/**
 * SQL texts of the version and creation time of a record that comes back from staged row `s`. It goes on from what it
 * had been through here, so that no version is ever two states; where nothing is known it is the one it had.
 */
export function statedVersion(importId: string): { version: string; createdAt: string; join: string } {
  return {
    version: "coalesce(f.version + 1, s.version)",
    createdAt: "s.created_at",
    join: `left join ${floorTable(importId)} f on f.record_id = s.source_id`,
  };
}

function checked(id: string): string {
  if (!/^[0-9a-f-]{20,36}$/i.test(id)) throw new Error("not an id");
  return id;
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error("not a row's number");
  return value;
}
