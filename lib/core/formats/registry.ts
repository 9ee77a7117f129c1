import { csvReader } from "./csv";
import { readRange } from "./encoding/bytes";
import { jsonReader } from "./json";
import { foreignFormat } from "./magic";
import { ndjsonReader } from "./ndjson";
import {
  FileProblem,
  type ByteSource,
  type Detection,
  type FileFormat,
  type FormatReader,
  type ReadLimits,
  type SourceOptions,
} from "./types";
import { xlsxReader } from "./xlsx";

/** Every format Ferry reads, in the order in which they are tried: any text passes for CSV, so it comes last. */
const readers: FormatReader[] = [xlsxReader, ndjsonReader, jsonReader, csvReader];

const SNIFF_BYTES = 64 * 1024;

export function readerFor(format: FileFormat): FormatReader {
  const reader = readers.find((each) => each.format === format);
  if (reader === undefined)
    throw new FileProblem("unsupported-format", `Ferry does not read ${format} files.`);
  return reader;
}

/** Tells the format by content. @throws FileProblem unsupported-format, empty-file */
async function detectFormat(file: ByteSource): Promise<FileFormat> {
  if (file.size === 0) throw new FileProblem("empty-file", "The file is empty: it has 0 bytes.");
  const head = await readRange(file, 0, SNIFF_BYTES);
  const reader = readers.find((each) => each.sniff(head));
  if (reader !== undefined) return reader.format;
  throw new FileProblem(
    "unsupported-format",
    foreignFormat(head) ?? "Ferry does not know this kind of file. Bring a CSV, Excel or JSON file.",
  );
}

/**
 * Detects everything about a file: the format too, unless `options` tell it.
 * @param sampleSize data rows wanted in the answer
 * @throws FileProblem with a sentence for the person
 */
export async function detectFile(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<Detection> {
  const format = options.format ?? (await detectFormat(file));
  return readerFor(format).detect(file, options, limits, sampleSize);
}
