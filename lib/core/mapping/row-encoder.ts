import { storableText } from "@/lib/core/fields/clean";
import { compileColumn, type CompiledColumn } from "@/lib/core/fields/compile";
import type { CellErrorCode, CoerceOptions } from "@/lib/core/fields/outcome";
import type { Field } from "@/lib/core/fields/types";
import type { DateOrder } from "@/lib/core/formats/types";

/** How the rows of one file become records of one collection. */
export interface RowShape {
  fields: readonly Field[];
  /** Per field the index of its column in a row, or -1 when no column feeds it. */
  columnIndexes: readonly number[];
  /** Columns of the file's header; cells beyond it are counted, not stored. */
  columnCount: number;
  options: RowOptions;
}

export interface RowOptions extends CoerceOptions {
  /** Overrides `dateOrder` for single fields, by field name. */
  dateOrders?: Readonly<Record<string, DateOrder>>;
}

/** Why one cell keeps its row from being stored. `value` is the raw cell, clipped to 200 characters. */
export interface CellIssue {
  field: string;
  value: string;
  code: CellErrorCode;
  message: string;
}

/**
 * Encodes rows for COPY. `encode` gives the JSON object of the row's canonical values; null when the row is invalid, and
 * then `issues` (valid until the next call) says why, cell by cell; undefined when the row holds nothing to store (all of
 * its cells are empty or go nowhere) and is to be passed over. Missing cells of a short row are empty.
 */
export interface RowEncoder {
  encode(row: readonly string[]): string | null | undefined;
  readonly issues: readonly CellIssue[];
  /** Rows so far that had something in cells beyond the header. */
  readonly rowsWithExtraCells: number;
  /** Cells corrected so far, by field name; fields without corrections are left out. Counts invalid rows too. */
  corrections(): Record<string, number>;
}

/** Clips the value shown in an error. */
const ISSUE_VALUE_CHARS_MAX = 200;

export function compileRowEncoder(shape: RowShape): RowEncoder {
  return new CompiledRowEncoder(shape);
}

/** The options that hold for one field. */
export function fieldOptions(field: Field, options: RowOptions): CoerceOptions {
  const own = options.dateOrders?.[field.name];
  return own === undefined ? options : { ...options, dateOrder: own };
}

class CompiledRowEncoder implements RowEncoder {
  issues: CellIssue[] = [];
  rowsWithExtraCells = 0;
  private readonly columns: CompiledColumn[];
  private readonly keys: string[];
  private readonly indexes: number[];
  private readonly columnCount: number;

  constructor({ fields, columnIndexes, columnCount, options }: RowShape) {
    this.columns = fields.map((field) => compileColumn(field, fieldOptions(field, options)));
    this.keys = fields.map((field) => `${JSON.stringify(field.name)}:`);
    this.indexes = fields.map((_, index) => columnIndexes[index] ?? -1);
    this.columnCount = columnCount;
  }

  encode(row: readonly string[]): string | null | undefined {
    const { columns, keys, indexes } = this;
    if (this.issues.length > 0) this.issues = [];
    let json = "";
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]!;
      const raw = row[indexes[index]!] ?? "";
      const cell = column.encode(raw);
      if (typeof cell !== "string") {
        this.issues.push({
          field: column.field.name,
          value: clipped(raw),
          code: cell.code,
          message: cell.message,
        });
      } else if (cell !== "") {
        json += (json === "" ? "{" : ",") + keys[index]! + cell;
      }
    }
    if (row.length > this.columnCount && hasInk(row, this.columnCount)) this.rowsWithExtraCells++;
    if (json === "") return this.encodeNothing(row);
    return this.issues.length > 0 ? null : `${json}}`;
  }

  /** A row that gave no value: invalid when it has text that was meant as one, else blank. */
  private encodeNothing(row: readonly string[]): null | undefined {
    if (this.issues.length > 0 && hasInk(row, 0)) return null;
    this.issues = [];
    return undefined;
  }

  corrections(): Record<string, number> {
    const counted = this.columns.filter((column) => column.corrections > 0);
    return Object.fromEntries(counted.map((column) => [column.field.name, column.corrections]));
  }
}

function hasInk(row: readonly string[], from: number): boolean {
  for (let index = from; index < row.length; index++) if (row[index]?.trim()) return true;
  return false;
}

function clipped(raw: string): string {
  return storableText(raw.length > ISSUE_VALUE_CHARS_MAX ? raw.slice(0, ISSUE_VALUE_CHARS_MAX) : raw);
}
