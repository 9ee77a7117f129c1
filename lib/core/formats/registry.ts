import { csvReader } from "./csv";
import { readRange } from "./encoding/bytes";
import { jsonReader } from "./json";
import { foreignFormat } from "./magic";
import { ndjsonReader } from "./ndjson";
import { detectPacked } from "./packed/detect";
import { openPacked } from "./packed/open";
import {
  FileProblem,
  type ByteSource,
  type Detection,
  type FileFormat,
  type FormatReader,
  type ReadLimits,
  type RowBatch,
  type Scratch,
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

/** Tells the format by content. @throws FileProblem unsupported-format */
function detectFormat(head: Uint8Array): FileFormat {
  const reader = readers.find((each) => each.sniff(head));
  if (reader !== undefined) return reader.format;
  throw new FileProblem(
    "unsupported-format",
    foreignFormat(head) ?? "Ferry does not know this kind of file. Bring a CSV, Excel or JSON file.",
  );
}

/**
 * Detects everything about a file: the format too, unless `options` tell it, and what is inside when it is a ZIP archive
 * or packed by gzip.
 * @param sampleSize data rows wanted in the answer
 * @throws FileProblem with a sentence for the person
 */
export async function detectFile(
  file: ByteSource,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<Detection> {
  const head = await headOf(file);
  const packed = await openPacked(file, head, limits);
  if (!packed) return detectPlain(file, head, options, limits, sampleSize);
  return detectPacked(packed, options, async (inner, innerOptions) =>
    detectPlain(inner, await headOf(inner), innerOptions, limits, sampleSize),
  );
}

function detectPlain(
  file: ByteSource,
  head: Uint8Array,
  options: SourceOptions,
  limits: ReadLimits,
  sampleSize: number,
): Promise<Detection> {
  const format = options.format ?? detectFormat(head);
  return readerFor(format).detect(file, options, limits, sampleSize);
}

async function headOf(file: ByteSource): Promise<Uint8Array> {
  if (file.size === 0) throw new FileProblem("empty-file", "The file is empty: it has 0 bytes.");
  return readRange(file, 0, SNIFF_BYTES);
}

/** Streams all data rows of a file as detection found it, unpacked where it is packed. */
export async function* readFile(
  file: ByteSource,
  detection: Detection,
  limits: ReadLimits,
  scratch?: Scratch,
): AsyncGenerator<RowBatch> {
  const reader = readerFor(detection.format);
  const { packed } = detection;
  if (!packed) {
    yield* reader.read(file, detection, limits, scratch);
    return;
  }
  const opened = await openPacked(file, await headOf(file), limits);
  if (!opened) throw new FileProblem("truncated", "The file is not what it was before. Upload it again.");
  const inner = await opened.open(packed.entry);
  const source = { ...detection.source, sheet: packed.sheet };
  const scale = file.size / Math.max(1, inner.size);
  for await (const batch of reader.read(inner, { ...detection, source }, limits, scratch)) {
    yield { ...batch, bytesRead: Math.round(batch.bytesRead * scale) };
  }
}
