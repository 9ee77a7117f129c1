import { foldText } from "@/lib/core/fields/fold";
import type { Field } from "@/lib/core/fields/types";

/** Last words of headers that name what tells rows apart, as `foldText` has them. */
const NAMING = new Set([
  ...["id", "uuid", "guid", "key", "code", "sku", "isbn", "issn", "ean", "upc", "iata", "icao", "vin"],
  ...["no", "nr", "num", "number", "nummer", "numero", "ref", "reference", "referenz", "identifier"],
  ...["ma", "번호", "番号", "编号"],
]);
/** Alone, these are as often the number of the line. */
const COUNTING = new Set(["no", "nr", "num", "number", "nummer", "numero", "번호", "番号", "编号"]);
/** Several rows may have the same of these, even where none has in this file. */
const SHARED = new Set([
  "phone",
  "telephone",
  "tel",
  "mobile",
  "fax",
  "house",
  "room",
  "seat",
  "page",
  "zip",
]);

/** What a proposal looks at: a mapped Detection will do. */
export interface KeySource {
  fields: readonly Field[];
  /** Per field the index of its column, or -1. */
  columnIndexes: readonly number[];
  columns: readonly string[];
  sampleRows: readonly (readonly string[])[];
}

/**
 * Fields by which rows of a new table may be told apart, the likeliest first: named like an identifier ("Id", "Report
 * No."), alone or in the first column that is imported, and filled and different in every row of the sample. That is so
 * in all rows is for the caller to find out. A name alone in a later column ("Customer id" of an order) is none: rows
 * that share it would be taken for one.
 */
export function proposeKey({ fields, columnIndexes, columns, sampleRows }: KeySource): string[] {
  const first = Math.min(...columnIndexes.filter((index) => index >= 0));
  const candidates = fields.flatMap((field, place) => {
    const index = columnIndexes[place] ?? -1;
    if (index < 0 || (field.type !== "text" && field.type !== "integer")) return [];
    const rank = rankOf(wordsOf(columns[index] ?? ""), index === first);
    const cells = sampleRows.map((row) => (row[index] ?? "").trim());
    if (rank === undefined || !areDifferent(cells)) return [];
    if (rank === "counting" && countsLines(cells)) return [];
    return [{ name: field.name, index, isExact: rank === "exact" }];
  });
  candidates.sort((a, b) => Number(b.isExact) - Number(a.isExact) || a.index - b.index);
  return candidates.map(({ name }) => name);
}

function rankOf(words: readonly string[], isFirst: boolean): "exact" | "counting" | "first" | undefined {
  const last = words.at(-1) ?? "";
  if (!NAMING.has(last)) return undefined;
  if (words.length > 1) return isFirst && !SHARED.has(words.at(-2) ?? "") ? "first" : undefined;
  if (COUNTING.has(last)) return isFirst ? "counting" : undefined;
  return "exact";
}

function wordsOf(header: string): string[] {
  const apart = header.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
  return (apart.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map(foldText).filter((word) => word !== "");
}

function areDifferent(cells: readonly string[]): boolean {
  return cells.length > 1 && !cells.includes("") && new Set(cells).size === cells.length;
}

/** 1, 2, 3 … or 0, 1, 2 …: another file counts anew. */
function countsLines(cells: readonly string[]): boolean {
  const begin = Number(cells[0]);
  return (begin === 0 || begin === 1) && cells.every((cell, i) => Number(cell) === begin + i);
}
