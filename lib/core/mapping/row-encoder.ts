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
  /** A row without any value is a record without any: so in Ferry's own files, where no row is there by chance. */
  keepsEmpty?: boolean;
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

const OPENING_BRACE = 0x7b;
/** Distinct raw cells remembered by all columns together: about 20 MB. */
const MEMORY_ENTRIES_MAX = 131_072;

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
  private readonly indexes: number[];
  private readonly columnCount: number;

  private readonly keepsEmpty: boolean;

  constructor({ fields, columnIndexes, columnCount, options, keepsEmpty = false }: RowShape) {
    this.keepsEmpty = keepsEmpty;
    const memoryEntries = Math.floor(MEMORY_ENTRIES_MAX / Math.max(1, fields.length));
    // The first field opens the object; a row that has it, as most have, needs no repair.
    this.columns = fields.map((field, index) => {
      const prefix = `${index === 0 ? "{" : ","}${JSON.stringify(field.name)}:`;
      return compileColumn(field, fieldOptions(field, options), { prefix, memoryEntries });
    });
    this.indexes = fields.map((_, index) => columnIndexes[index] ?? -1);
    this.columnCount = columnCount;
  }

  encode(row: readonly string[]): string | null | undefined {
    const { columns, indexes } = this;
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
      } else {
        json += cell;
      }
    }
    if (row.length > this.columnCount && hasInk(row, this.columnCount)) this.rowsWithExtraCells++;
    if (json === "") return this.encodeNothing(row);
    if (this.issues.length > 0) return null;
    // The first field's prefix opened the object, unless its cell is empty.
    return json.charCodeAt(0) === OPENING_BRACE ? `${json}}` : `{${json.slice(1)}}`;
  }

  /** A row that gave no value: invalid when it has text that was meant as one, else blank. */
  private encodeNothing(row: readonly string[]): string | null | undefined {
    if (this.issues.length > 0 && (this.keepsEmpty || hasInk(row, 0))) return null;
    if (this.keepsEmpty) return "{}";
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
