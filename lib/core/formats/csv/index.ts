import type { FormatReader } from "@/lib/core/formats/types";
import { foreignFormat } from "@/lib/core/formats/magic";
import { detectCsv } from "./detect";
import { readCsv } from "./read";

/** Delimited text of any dialect and encoding. */
export const csvReader: FormatReader = {
  format: "csv",
  sniff: (head) => foreignFormat(head) === undefined,
  detect: detectCsv,
  read: readCsv,
};
