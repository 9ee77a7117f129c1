import type { AnySql, Sql } from "@/db/client";
import { copyIn } from "@/db/copy-in";
import { keyHashExpression } from "./key-hash";

/** Table of the rows of one import as read from its file. */
export function stagingTable(importId: string): string {
  return `staging.import_${hex(importId)}`;
}

/** Table of which staged row matches which record; rows that match nothing are not in it. */
export function planTable(importId: string): string {
  return `staging.plan_${hex(importId)}`;
}

/** Table of the keys that several valid rows have, and how many rows that are. */
export function repeatedTable(importId: string): string {
  return `staging.repeated_${hex(importId)}`;
}

/** Table of how the rows that differ from their record do so. */
export function diffTable(importId: string): string {
  return `staging.diff_${hex(importId)}`;
}

/** Table of the records that a replacing import removes. */
export function goneTable(importId: string): string {
  return `staging.gone_${hex(importId)}`;
}

/** Table of the versions that records which a restore brings back have been through already. */
export function floorTable(importId: string): string {
  return `staging.floor_${hex(importId)}`;
}

function hex(importId: string): string {
  if (!/^[0-9a-f-]{36}$/i.test(importId)) throw new Error("not an import id");
  return importId.replaceAll("-", "").toLowerCase();
}

/**
 * Fills an import's staging table with COPY, in one transaction: it is there whole or not at all, so a killed worker
 * simply stages again. `lines` yields COPY text lines made by `stagedLine`. The table is logged, so that it outlives a
 * crash of the server for as long as a review takes; being created in the transaction that fills it, it costs no WAL
 * under wal_level=minimal.
 */
export async function stageLines(
  sql: Sql,
  importId: string,
  keyFields: readonly string[],
  lines: AsyncIterable<Buffer>,
): Promise<void> {
  const table = stagingTable(importId);
  await sql.begin(async (tx) => {
    await dropStaged(tx, importId);
    await tx.unsafe(`create table ${table} (
      row_number integer not null,
      data jsonb not null,
      key_hash bigint generated always as (${keyHashExpression(keyFields, "data")}) stored,
      source_id uuid,
      raw jsonb,
      errors jsonb
    ) with (autovacuum_enabled = false)`);
    await copyIn(
      tx,
      `copy ${table} (row_number, data, source_id, raw, errors) from stdin with (freeze)`,
      lines,
    );
    await tx.unsafe(`alter table ${table} add primary key (row_number)`);
    await tx.unsafe(`analyze ${table}`);
  });
}

export async function dropStaged(sql: AnySql, importId: string): Promise<void> {
  const tables = [floorTable, goneTable, diffTable, planTable, repeatedTable, stagingTable].map((table) =>
    table(importId),
  );
  await sql.unsafe(`drop table if exists ${tables.join(", ")}`);
}

export async function isStaged(sql: AnySql, importId: string): Promise<boolean> {
  const [row] = await sql<
    { there: boolean }[]
  >`select to_regclass(${stagingTable(importId)}) is not null as there`;
  return row?.there ?? false;
}

/** A valid row as a line of COPY text. `json` is JSON text without raw control characters. */
export function stagedLine(rowNumber: number, json: string, sourceId: string | undefined): string {
  return `${rowNumber}\t${escapeCopy(json)}\t${sourceId ?? "\\N"}\t\\N\t\\N\n`;
}

/** An invalid row: what the file says, and why it cannot be stored. */
export function stagedInvalidLine(rowNumber: number, rawJson: string, errorsJson: string): string {
  return `${rowNumber}\t{}\t\\N\t${escapeCopy(rawJson)}\t${escapeCopy(errorsJson)}\n`;
}

/** JSON text as COPY text. It has no tab or newline of its own: the backslash is all that COPY could misread. */
export function escapeCopy(json: string): string {
  return json.includes("\\") ? json.replaceAll("\\", "\\\\") : json;
}

export interface StagedRow {
  number: number;
  data: Record<string, string | number | boolean>;
  raw: string[] | null;
  errors: { field: string; value: string; code: string; message: string }[] | null;
}
