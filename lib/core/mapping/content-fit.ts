import { countryOf } from "@/lib/core/fields/countries";
import { explainCell } from "@/lib/core/fields/coerce";
import type { Field } from "@/lib/core/fields/types";

/** Cells looked at per column. */
const CELLS_MAX = 50;

/** The cells of a column that hold something, at most fifty. */
export function sampleCells(rows: readonly (readonly string[])[], index: number): string[] {
  const cells: string[] = [];
  for (const row of rows) {
    const cell = row[index]?.trim();
    if (cell) cells.push(cell);
    if (cells.length === CELLS_MAX) break;
  }
  return cells;
}

/**
 * Share of the cells that the field can store, 0 to 1; 1 when there are none. An ambiguous date fits: its order is
 * asked elsewhere. Text fits everything, except that a field for countries wants countries.
 */
export function contentFit(cells: readonly string[], field: Field): number {
  if (cells.length === 0) return 1;
  const fitting = cells.filter((cell) => {
    if (field.semantic === "country") return countryOf(cell) !== undefined;
    const { error } = explainCell(cell, field, {});
    return error === undefined || error.code === "ambiguous-date";
  });
  return fitting.length / cells.length;
}

/** True for fields whose content says what they are, so that a column can be told by its cells alone. */
export function isTellingField(field: Field): boolean {
  return field.semantic === "country" || field.type === "date" || field.type === "datetime";
}
