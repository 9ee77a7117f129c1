import { jsonReader } from "../json";
import { readRange } from "../encoding/bytes";
import type { FormatReader } from "../types";
import { looksLikeLines } from "./header";
import { detectLines, readLines } from "./read";

const SNIFF_BYTES = 64 * 1024;

/**
 * Ferry's own NDJSON, told by its first line. Any other file of one JSON value a line is read as JSON is; where somebody
 * says "ndjson" of such a file, this reader does the same.
 */
export const ndjsonReader: FormatReader = {
  format: "ndjson",
  sniff: looksLikeLines,
  detect: async (file, options, limits, sampleSize) => {
    const head = await readRange(file, 0, Math.min(file.size, SNIFF_BYTES));
    if (looksLikeLines(head)) return detectLines(file, options, limits, sampleSize);
    const detection = await jsonReader.detect(file, options, limits, sampleSize);
    return { ...detection, format: "ndjson", source: { ...detection.source, format: "ndjson" } };
  },
  read: (file, detection, limits) =>
    detection.fields !== undefined
      ? readLines(file, detection, limits)
      : jsonReader.read(file, detection, limits),
};
