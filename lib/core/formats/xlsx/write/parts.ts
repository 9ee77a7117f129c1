import { columnLetters } from "./cell-bytes";

/*
 * The parts of a workbook that Ferry writes (ECMA-376, transitional), apart from its rows. As few as a spreadsheet needs:
 * no theme, no document properties, texts inline.
 */

/** Rows of one sheet, the header included (Excel's own limit). */
export const SHEET_ROWS_MAX = 1_048_576;

/** Indexes of the cell formats in `STYLES`. Guarded text stays text when somebody edits the cell. */
export const STYLE = {
  plain: 0,
  header: 1,
  date: 2,
  datetime: 3,
  datetimeMillis: 4,
  guardedText: 5,
} as const;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

export interface SheetPart {
  name: string;
  hidden?: boolean;
}

export function contentTypes(sheets: readonly SheetPart[]): string {
  const override = (part: string, type: string) =>
    `<Override PartName="${part}" ContentType="${TYPES}.${type}+xml"/>`;
  return `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override("/xl/workbook.xml", "sheet.main")}${override("/xl/styles.xml", "styles")}${sheets.map((_, i) => override(`/${sheetPart(i)}`, "worksheet")).join("")}</Types>`;
}

export const PACKAGE_RELATIONSHIPS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

export function workbook(sheets: readonly SheetPart[]): string {
  const list = sheets.map(
    ({ name, hidden }, i) =>
      `<sheet name="${escapeXml(name)}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ""} r:id="rId${i + 1}"/>`,
  );
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><workbookPr/><bookViews><workbookView activeTab="0"/></bookViews><sheets>${list.join("")}</sheets></workbook>`;
}

export function workbookRelationships(sheets: readonly SheetPart[]): string {
  const of = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`;
  const list = sheets.map((_, i) => of(i + 1, "worksheet", `worksheets/sheet${i + 1}.xml`));
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${list.join("")}${of(sheets.length + 1, "styles", "styles.xml")}</Relationships>`;
}

export function sheetPart(index: number): string {
  return `xl/worksheets/sheet${index + 1}.xml`;
}

export const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" numFmtId="165" applyNumberFormat="1"/><xf xfId="0" numFmtId="166" applyNumberFormat="1"/><xf xfId="0" quotePrefix="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

export interface SheetColumn {
  label: string;
  /** In characters. */
  width: number;
  hidden?: boolean;
}

/** A sheet up to its first row: `rows` counts the header. */
export function sheetOpening(columns: readonly SheetColumn[], rows: number): string {
  const last = columnLetters(Math.max(0, columns.length - 1));
  const cols = columns.map(
    ({ width, hidden }, i) =>
      `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"${hidden ? ' hidden="1"' : ""}/>`,
  );
  const frozen =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  return `${XML}<worksheet xmlns="${MAIN}"><dimension ref="A1:${last}${Math.max(1, rows)}"/>${frozen}<sheetFormatPr defaultRowHeight="15"/>${cols.length > 0 ? `<cols>${cols.join("")}</cols>` : ""}<sheetData>`;
}

export const SHEET_CLOSING = "</sheetData></worksheet>";

/** A row of texts: headers, and whatever is small. Empty texts are empty cells. */
export function textRow(row: number, texts: readonly string[], style: number = STYLE.plain): string {
  const cells = texts.map((text, i) =>
    text === ""
      ? ""
      : `<c r="${columnLetters(i)}${row}"${style === 0 ? "" : ` s="${style}"`} t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`,
  );
  return `<row r="${row}">${cells.join("")}</row>`;
}

/**
 * Text inside an element. Characters that XML 1.0 does not know, and what looks like the escape of one, are written as
 * ST_Xstring escapes (ECMA-376 22.9.2.19); a carriage return too, since readers make line feeds of them.
 */
export function escapeText(text: string): string {
  const escaped = text.replace(
    /_(?=x[0-9A-Fa-f]{4}_)|[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g,
    (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
  );
  return escaped.replace(/[&<>]/g, (c) => ENTITIES[c] ?? c);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ENTITIES[c] ?? c);
}
