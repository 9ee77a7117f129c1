import { Readable } from "node:stream";
import { ZipFile } from "yazl";

const RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";

export interface TestSheet {
  name: string;
  /** What stands inside `<sheetData>`. */
  data: string;
  hidden?: boolean;
  /** The whole part, instead of `data` in the usual frame. */
  xml?: string;
}

export interface TestWorkbook {
  sheets: TestSheet[];
  /** What stands inside `<sst>`; no part when undefined. */
  sharedStrings?: string;
  /** Number formats of the cell styles: an id or a custom code. */
  formats?: (number | string)[];
  date1904?: boolean;
}

/** A sheet of that name with these rows of XML, the only one of its workbook. */
export function oneSheet(data: string, more: Omit<TestWorkbook, "sheets"> = {}): Promise<Buffer> {
  return workbookFile({ sheets: [{ name: "Sheet1", data }], ...more });
}

export function workbookFile(workbook: TestWorkbook): Promise<Buffer> {
  return zipOf(workbookParts(workbook));
}

/** The parts of a workbook by their names, as Excel lays them out. */
export function workbookParts({
  sheets,
  sharedStrings,
  formats,
  date1904,
}: TestWorkbook): Map<string, string> {
  const parts = new Map<string, string>();
  const relationship = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`;
  parts.set("[Content_Types].xml", "<Types/>");
  parts.set("_rels/.rels", relationships(relationship("rId1", "officeDocument", "xl/workbook.xml")));
  const listed = sheets.map(
    ({ name, hidden }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ""} r:id="rId${i + 1}"/>`,
  );
  parts.set(
    "xl/workbook.xml",
    `<workbook xmlns:r="${RELATIONSHIPS}"><workbookPr${date1904 ? ' date1904="1"' : ""}/><sheets>${listed.join("")}</sheets></workbook>`,
  );
  const links = sheets.map((_, i) =>
    relationship(`rId${i + 1}`, "worksheet", `worksheets/sheet${i + 1}.xml`),
  );
  if (formats) links.push(relationship("rIdStyles", "styles", "styles.xml"));
  if (sharedStrings !== undefined)
    links.push(relationship("rIdStrings", "sharedStrings", "sharedStrings.xml"));
  parts.set("xl/_rels/workbook.xml.rels", relationships(links.join("")));
  if (formats) parts.set("xl/styles.xml", styles(formats));
  if (sharedStrings !== undefined) parts.set("xl/sharedStrings.xml", `<sst>${sharedStrings}</sst>`);
  sheets.forEach(({ data, xml }, i) => {
    parts.set(
      `xl/worksheets/sheet${i + 1}.xml`,
      xml ?? `<?xml version="1.0"?><worksheet><sheetData>${data}</sheetData></worksheet>`,
    );
  });
  return parts;
}

function relationships(inner: string): string {
  return `<Relationships xmlns="${PACKAGE}">${inner}</Relationships>`;
}

function styles(formats: (number | string)[]): string {
  const codes = formats.flatMap((format, i) =>
    typeof format === "string" ? [`<numFmt numFmtId="${200 + i}" formatCode="${escapeXml(format)}"/>`] : [],
  );
  const xfs = formats.map((format, i) => `<xf numFmtId="${typeof format === "string" ? 200 + i : format}"/>`);
  return `<styleSheet><numFmts>${codes.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${xfs.join("")}</cellXfs></styleSheet>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** An archive of these parts in this order. `streamed`: sizes stand behind the data, as in files written in one pass. */
export async function zipOf(
  parts: Iterable<[string, string | Buffer]>,
  { compress = true, streamed = false } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of parts) {
    if (streamed) zip.addReadStream(Readable.from([Buffer.from(content)]), name, { compress });
    else zip.addBuffer(Buffer.from(content), name, { compress });
  }
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
