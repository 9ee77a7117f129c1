import { compileRowEncoder, type RowEncoder, type RowOptions } from "@/lib/core/mapping/row-encoder";
import type { StoredDetection } from "./detect";
import type { Target } from "./target";

/**
 * How the cells of this file are read: the date order that was told or that its own values settle, column by column,
 * and whether a comma is the decimal sign. What stays open stays undecided: such cells are named, not guessed.
 */
export function rowOptions(detection: StoredDetection, target: Target): RowOptions {
  const { dateOrders, decimalComma } = detection.inferred;
  const told = detection.source.dateOrder;
  const formulaGuards = detection.format === "csv";
  if (told) return { dateOrder: told, decimalComma, formulaGuards };
  const settled: Exclude<RowOptions["dateOrders"], undefined> = Object.fromEntries(
    dateOrders.flatMap(({ column, order }) => {
      const field = target.fields[target.columnIndexes.indexOf(detection.columns.indexOf(column))];
      return field && order !== "ambiguous" ? [[field.name, order]] : [];
    }),
  );
  return { dateOrders: settled, decimalComma, formulaGuards };
}

/** The encoder that makes an import's rows into records' data: for its file, and for a row that is checked again. */
export function rowEncoderOf(detection: StoredDetection, target: Target): RowEncoder {
  return compileRowEncoder({
    fields: target.fields,
    columnIndexes: target.columnIndexes,
    columnCount: detection.columns.length,
    options: rowOptions(detection, target),
    // Only Ferry's own files state their fields.
    keepsEmpty: detection.fields !== undefined,
  });
}
