import type { AnySql } from "@/db/client";
import type { StagedRow } from "./staging";
import { stagingTable } from "./staging";

/**
 * Rows of a file that could not be stored keep the file's own text (`raw`). One that has been mended while the import
 * waited is valid (`errors` is null); one that was mended after the import ended has no errors left, but stays out of it
 * (`errors` is empty), until the failed rows are imported again.
 */
const CONDITIONS = {
  invalid: "errors is not null and errors <> '[]'",
  "fixed-in-review": "raw is not null and errors is null",
  "fixed-afterwards": "errors = '[]'",
};

/** Rows that failed when the file was read, those still invalid or those fixed, in the order of the file. */
export async function readFailedRows(
  sql: AnySql,
  importId: string,
  page: { which: keyof typeof CONDITIONS; afterRow: number; limit: number },
): Promise<StagedRow[]> {
  return await sql.unsafe<StagedRow[]>(
    `select row_number as number, data, raw, errors from ${stagingTable(importId)}
     where row_number > $1 and ${CONDITIONS[page.which]} order by row_number limit $2`,
    [page.afterRow, page.limit],
  );
}

/** A row that failed when it was read, locked until the transaction ends; undefined when there is no such row. */
export async function lockFailedRow(
  sql: AnySql,
  importId: string,
  number: number,
): Promise<{ raw: string[]; errors: StagedRow["errors"] } | undefined> {
  const [row] = await sql.unsafe<{ raw: string[]; errors: StagedRow["errors"] }[]>(
    `select raw, errors from ${stagingTable(importId)} where row_number = $1 and raw is not null for update`,
    [number],
  );
  return row;
}

/** Stores a row's text as it reads now. `json` is its data, which takes part in the import when `errors` is null. */
export async function storeFix(
  sql: AnySql,
  importId: string,
  fix: { number: number; raw: string[]; json: string; errors: StagedRow["errors"] },
): Promise<void> {
  await sql.unsafe(
    `update ${stagingTable(importId)} set raw = $2::text::jsonb, data = $3::text::jsonb, errors = $4::text::jsonb
     where row_number = $1`,
    [fix.number, JSON.stringify(fix.raw), fix.json, fix.errors && JSON.stringify(fix.errors)],
  );
}

const PAGE_ROWS = 1_000;

/** Every row that failed in an import, with its text as it reads now. */
export async function* failedRowsOf(sql: AnySql, importId: string): AsyncGenerator<StagedRow[]> {
  for (let afterRow = 0; ;) {
    const page = await sql.unsafe<StagedRow[]>(
      `select row_number as number, data, raw, errors from ${stagingTable(importId)}
       where row_number > $1 and errors is not null order by row_number limit $2`,
      [afterRow, PAGE_ROWS],
    );
    if (page.length > 0) yield page;
    if (page.length < PAGE_ROWS) return;
    afterRow = page.at(-1)!.number;
  }
}

/** Copies the valid rows of one import's staging table into another's. Answers how many, and the last one's number. */
export async function copyValidRows(
  sql: AnySql,
  fromImportId: string,
  toImportId: string,
): Promise<{ rows: number; lastRow: number }> {
  const to = stagingTable(toImportId);
  const [copied] = await sql.unsafe<{ rows: number; lastRow: number }[]>(
    `with copied as (
       insert into ${to} (row_number, data, source_id)
       select row_number, data, source_id from ${stagingTable(fromImportId)} where errors is null
       returning row_number)
     select count(*)::int8 as rows, coalesce(max(row_number), 0)::int8 as "lastRow" from copied`,
  );
  await sql.unsafe(`analyze ${to}`);
  return copied ?? { rows: 0, lastRow: 0 };
}
