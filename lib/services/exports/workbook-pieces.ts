import type { FieldType } from "@/lib/core/fields/types";
import { ferrySheetRows, type WorkbookCollection } from "@/lib/core/formats/xlsx/ferry-sheet";
import {
  contentTypes,
  PACKAGE_RELATIONSHIPS,
  SHEET_CLOSING,
  SHEET_ROWS_MAX,
  sheetOpening,
  sheetPart,
  STYLE,
  STYLES,
  textRow,
  workbook,
  workbookRelationships,
  type SheetColumn,
  type SheetPart,
} from "@/lib/core/formats/xlsx/write/parts";
import { CELL_CHARS_MAX, CellTooLong, RowWriter } from "@/lib/core/formats/xlsx/write/row-writer";
import { FERRY_SHEET, SheetNames } from "@/lib/core/formats/xlsx/write/sheet-names";
import { AppError } from "@/lib/platform/errors";
import type { CategoryTable } from "@/lib/services/exports/categories";
import type { ExportPiece, ExportSource } from "@/lib/services/exports/piece";
import { text } from "@/lib/services/exports/piece";
import type { CollectionPlan } from "@/lib/services/exports/plan-export";

/** Bytes of XML that are packed at once. */
const PIECE_BYTES = 64 * 1024;

const WIDTHS: Partial<Record<FieldType, number>> = {
  date: 12,
  datetime: 20,
  integer: 11,
  decimal: 13,
  boolean: 9,
};
const TEXT_WIDTH = 24;

interface PlannedSheets {
  plan: CollectionPlan;
  count: number;
  names: string[];
}

/**
 * An Excel workbook: a sheet for each collection and category, more where a collection has more rows than a sheet, and
 * the sheet "Ferry" that says what they are. Each part is one file of the archive.
 */
export async function* workbookPieces(
  source: ExportSource,
  sheetRowsMax = SHEET_ROWS_MAX,
): AsyncIterable<ExportPiece> {
  const names = new SheetNames();
  const planned = source.counted.map(({ plan, count }) => {
    const sheets = Math.max(1, Math.ceil(count / (sheetRowsMax - 1)));
    return { plan, count, names: Array.from({ length: sheets }, () => names.next(plan.collection.name)) };
  });
  const categories = source.categories.map((table) => ({ table, name: names.next(table.name) }));
  const parts: SheetPart[] = [...planned.flatMap((p) => p.names), ...categories.map((c) => c.name)].map(
    (name) => ({
      name,
    }),
  );
  // What was withheld is to be seen; what only serves reading is not.
  parts.push({ name: FERRY_SHEET, hidden: source.privacy === undefined && parts.length > 0 });
  yield* part("[Content_Types].xml", contentTypes(parts));
  yield* part("_rels/.rels", PACKAGE_RELATIONSHIPS);
  yield* part("xl/workbook.xml", workbook(parts));
  yield* part("xl/_rels/workbook.xml.rels", workbookRelationships(parts));
  yield* part("xl/styles.xml", STYLES);
  let index = 0;
  for (const sheets of planned) {
    yield* collectionSheets(source, sheets, index, sheetRowsMax);
    index += sheets.names.length;
  }
  for (const { table } of categories) yield* part(sheetPart(index++), categorySheet(table));
  const rows = ferrySheetRows(source.now, planned.map(statedCollection), source.privacy);
  yield* part(
    sheetPart(index),
    tableSheet(rows, [
      { label: "", width: 18 },
      { label: "", width: 90 },
    ]),
  );
}

async function* part(name: string, content: string): AsyncIterable<ExportPiece> {
  await Promise.resolve();
  yield { kind: "entry", name };
  yield text(content);
}

function statedCollection({ plan, count, names }: PlannedSheets): WorkbookCollection {
  const { id, name, template } = plan.collection;
  return {
    id,
    name,
    template,
    keyFields: plan.keyFields,
    recordCount: count,
    sheets: names,
    columns: plan.columns.map((column) => ({ name: column.name, label: column.label })),
    fields: plan.fields,
  };
}

async function* collectionSheets(
  { snapshot }: ExportSource,
  { plan, count, names }: PlannedSheets,
  firstIndex: number,
  sheetRowsMax: number,
): AsyncIterable<ExportPiece> {
  const writer = new RowWriter(plan.columns.map(({ type }) => type));
  const columns = plan.columns.map(sheetColumn);
  const header = textRow(
    1,
    plan.columns.map(({ label }) => label),
    STYLE.header,
  );
  let sheet = 0;
  let row = 2;
  const open = (): ExportPiece[] => {
    const rows = Math.min(sheetRowsMax - 1, count - sheet * (sheetRowsMax - 1));
    return [
      { kind: "entry", name: sheetPart(firstIndex + sheet) },
      text(sheetOpening(columns, rows + 1) + header),
    ];
  };
  let told = 0;
  const written = (): ExportPiece => {
    const records = writer.rows - told;
    told = writer.rows;
    return { kind: "bytes", bytes: writer.take(), records };
  };
  yield* open();
  try {
    for await (const chunk of snapshot.textRows(
      plan.selection,
      plan.columns.map((c) => c.column),
    )) {
      for (let at = 0; at < chunk.length;) {
        if (row > sheetRowsMax) {
          yield written();
          yield text(SHEET_CLOSING);
          sheet++;
          row = 2;
          yield* open();
        }
        const { next, rows } = writer.write(chunk as Buffer, at, row, sheetRowsMax - row + 1);
        at = next;
        row += rows;
      }
      if (writer.size >= PIECE_BYTES) yield written();
    }
  } catch (error) {
    throw error instanceof CellTooLong ? refusal(error, plan) : error;
  }
  yield written();
  yield text(SHEET_CLOSING);
  // The count and the rows are of one snapshot; were they not, a sheet that the workbook names would be missing.
  if (sheet + 1 !== names.length) throw new Error(`a workbook of ${names.length} sheets got ${sheet + 1}`);
}

function sheetColumn({ name, label, type }: CollectionPlan["columns"][number]): SheetColumn {
  const wide = Math.min(40, [...label].length + 2);
  return { label, width: Math.max(WIDTHS[type] ?? TEXT_WIDTH, wide), hidden: name === "_id" };
}

function refusal({ column, row, chars }: CellTooLong, plan: CollectionPlan): AppError {
  const label = plan.columns[column]?.label ?? "";
  return new AppError(
    422,
    "cell-too-long-for-xlsx",
    `“${label}” of record ${row} of “${plan.collection.name}” has ${chars} characters, and a cell of an Excel workbook holds ${CELL_CHARS_MAX}. Export it as CSV, JSON or NDJSON, or leave the field out.`,
  );
}

function categorySheet({ columns, rows }: CategoryTable): string {
  const cells = rows.map((row) => columns.map((name) => String(row[name] ?? "").slice(0, CELL_CHARS_MAX)));
  return tableSheet(
    [[...columns], ...cells],
    columns.map((label) => ({ label, width: TEXT_WIDTH })),
    STYLE.header,
  );
}

function tableSheet(
  rows: readonly (readonly string[])[],
  columns: SheetColumn[],
  firstStyle?: number,
): string {
  const content = rows.map((cells, i) => textRow(i + 1, cells, i === 0 ? firstStyle : undefined));
  return sheetOpening(columns, rows.length) + content.join("") + SHEET_CLOSING;
}
