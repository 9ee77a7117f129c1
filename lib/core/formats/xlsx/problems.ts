import { FileProblem } from "../types";
import { ReadStop } from "../read-stop";
import { isTruncation } from "./source";

export interface Place {
  sheet: string;
  /** Row as the spreadsheet program shows it. */
  sheetRow: number;
  /** 1-based data row the problem is in; undefined before the first. */
  row?: number;
}

/** The error to end with: what stopped the reading, and where, in words for the person. Unknown errors stay as they are. */
export function problemFor(error: unknown, place?: Place): unknown {
  if (isTruncation(error)) {
    const text = `The file ended while it was being read${where(place)}. Upload it again.`;
    return new FileProblem("truncated", text, facts(place));
  }
  if (!(error instanceof ReadStop)) return error;
  const text = `${sentence(error)}${where(place)}. ${advice(error)}`.trim();
  return new FileProblem(error.code, text, {
    ...facts(place),
    ...(error.column ? { column: error.column } : {}),
  });
}

function sentence({ code, reason }: ReadStop): string {
  const clause = reason.charAt(0).toUpperCase() + reason.slice(1);
  return code === "archive-damaged" ? `The workbook is damaged: ${reason}` : clause;
}

function where(place: Place | undefined): string {
  if (!place) return "";
  return place.sheetRow > 0
    ? `, at row ${place.sheetRow} of sheet "${place.sheet}"`
    : `, in sheet "${place.sheet}"`;
}

function facts(place: Place | undefined): { row?: number; sheet?: string } {
  if (!place) return {};
  return place.row === undefined ? { sheet: place.sheet } : { sheet: place.sheet, row: place.row };
}

function advice({ code }: ReadStop): string {
  switch (code) {
    case "archive-damaged":
      return "Rows before it were read. Open the file in a spreadsheet program and save it again.";
    case "archive-encrypted":
      return "Save it again without a password.";
    case "archive-too-large":
    case "too-many-columns":
    case "too-many-rows":
    case "cell-too-long":
      return "That is over the limit of this installation.";
    default:
      return "";
  }
}
