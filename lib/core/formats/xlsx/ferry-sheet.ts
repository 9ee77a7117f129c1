import type { Field } from "@/lib/core/fields/types";
import type { PrivacyStatement } from "@/lib/core/privacy/handling";
import { statementLines } from "@/lib/core/privacy/handling";
import { exportedFields, parsed } from "../json/ferry-export";
import { FileProblem } from "../types";

/*
 * The sheet "Ferry" of a workbook that Ferry wrote: what its sheets are, so that it can be read again without loss. A row
 * begins with what it is; JSON is cut into cells that are short enough for one. Spreadsheets keep such a sheet when they
 * save the workbook, which they do not do with parts that they do not know.
 */

const FORMAT = "ferry-export";
const VERSION = 1;
/** Characters of a cell, well below the 32,767 of Excel. */
const PIECE_CHARS = 30_000;

/** A collection and the sheets that hold its rows, each under a header of its own. */
export interface WorkbookCollection {
  id: string;
  name: string;
  template: string | null;
  keyFields: readonly string[];
  recordCount: number;
  sheets: readonly string[];
  /** Of the sheets, in order: a field's name, or "_" and a name for what is no field. */
  columns: readonly { name: string; label: string }[];
  fields: readonly Field[];
}

export interface FerryWorkbook {
  collections: WorkbookCollection[];
  exportedAt?: string;
}

export function ferrySheetRows(
  exportedAt: Date,
  collections: readonly WorkbookCollection[],
  privacy: PrivacyStatement | undefined,
): string[][] {
  return [
    [FORMAT, String(VERSION), exportedAt.toISOString()],
    ["note", "Ferry reads the types of the columns from this sheet when the workbook is imported again."],
    ...(privacy
      ? [["privacy", privacy.mode], ...statementLines(privacy).map((line) => ["withheld", line])]
      : []),
    ...collections.map((collection) => ["collection", ...piecesOf(JSON.stringify(collection))]),
  ];
}

/**
 * What the rows of a sheet "Ferry" say; undefined when they are none of ours.
 * @throws FileProblem unsupported-format for a newer version
 */
export function ferryWorkbookOf(rows: readonly (readonly string[])[]): FerryWorkbook | undefined {
  const [first] = rows;
  if (first?.[0] !== FORMAT) return undefined;
  if (first[1] !== String(VERSION)) {
    throw new FileProblem(
      "unsupported-format",
      `This workbook is a Ferry export of version ${first[1] ?? "?"}; this Ferry reads version ${VERSION}. Import it with a newer Ferry.`,
    );
  }
  const collections = rows.flatMap(([kind, ...pieces]) => {
    const found = kind === "collection" ? collectionOf(parsed(pieces.join(""))) : undefined;
    return found ? [found] : [];
  });
  const exportedAt = first[2] !== undefined && !Number.isNaN(Date.parse(first[2])) ? first[2] : undefined;
  return { collections, exportedAt };
}

function collectionOf(value: unknown): WorkbookCollection | undefined {
  if (!isObject(value) || !isTexts(value.sheets) || !Array.isArray(value.columns)) return undefined;
  const { id, name, template, keyFields, recordCount, sheets, columns, fields } = value;
  return {
    id: typeof id === "string" ? id : "",
    name: typeof name === "string" ? name : (sheets[0] ?? ""),
    template: typeof template === "string" ? template : null,
    keyFields: isTexts(keyFields) ? keyFields : [],
    recordCount: typeof recordCount === "number" ? recordCount : 0,
    sheets,
    columns: columns.flatMap((column: unknown) =>
      isObject(column) && typeof column.name === "string" && typeof column.label === "string"
        ? [{ name: column.name, label: column.label }]
        : [],
    ),
    fields: exportedFields(JSON.stringify(fields ?? [])),
  };
}

function piecesOf(json: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < json.length;) {
    // Never between the halves of a surrogate pair, never where a space would stand at an end.
    let end = Math.min(json.length, at + PIECE_CHARS);
    while (end < json.length && /[\udc00-\udfff\s]/.test(json[end]!)) end--;
    while (end < json.length && /\s/.test(json[end - 1]!)) end--;
    pieces.push(json.slice(at, end));
    at = end;
  }
  return pieces;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
