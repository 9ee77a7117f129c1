import { FileProblem } from "../types";
import type { Archive } from "./archive";

/** What begins like a workbook but is not one this reader reads, each with the words that help. */

const OLE_HEADER = Buffer.from("d0cf11e0a1b11ae1", "hex");

export function isZip(head: Uint8Array): boolean {
  if (head[0] !== 0x50 || head[1] !== 0x4b) return false;
  return (head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6);
}

/** Compound files hold the old .xls format, and workbooks locked with a password. */
export function isOle(head: Uint8Array): boolean {
  return head.length >= OLE_HEADER.length && OLE_HEADER.equals(head.subarray(0, OLE_HEADER.length));
}

export function oleProblem(head: Buffer): FileProblem {
  if (head.includes(Buffer.from("EncryptedPackage", "utf16le"))) {
    return new FileProblem(
      "archive-encrypted",
      "This workbook is protected by a password. Open it in a spreadsheet program, remove the password, and save it again.",
    );
  }
  return new FileProblem(
    "unsupported-format",
    "This is an old Excel file (.xls, used up to Excel 2003). Open it in a spreadsheet program and save it as .xlsx or CSV.",
  );
}

/** Why an archive without worksheets is not a workbook. */
export function zipProblem(archive: Archive, head: Buffer): FileProblem {
  const has = (name: string) => archive.find(name) !== undefined;
  const unsupported = (text: string) => new FileProblem("unsupported-format", text);
  if (has("xl/workbook.bin")) {
    return unsupported(
      "This is a binary Excel workbook (.xlsb). Open it in Excel and save it as .xlsx or CSV.",
    );
  }
  if (head.includes("mimetypeapplication/vnd.oasis.opendocument", 0, "latin1")) {
    return unsupported(
      "This is an OpenDocument file (.ods or similar). Open it in a spreadsheet program and save it as .xlsx or CSV.",
    );
  }
  if (has("word/document.xml"))
    return unsupported("This is a Word document, not a workbook. Export its table as CSV.");
  if (has("ppt/presentation.xml")) return unsupported("This is a PowerPoint presentation, not a workbook.");
  if (archive.cutOff) {
    return new FileProblem(
      "archive-damaged",
      "The file is cut off or damaged before its first sheet. Download or save it again.",
    );
  }
  if (archive.find("xl/workbook.xml")) {
    return new FileProblem("archive-damaged", "The workbook lists no sheet that can be read.");
  }
  return unsupported("This is a ZIP archive without a file inside that Ferry can read: CSV, Excel, or JSON.");
}
