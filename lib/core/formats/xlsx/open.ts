import { FileProblem, type ByteSource, type ReadLimits, type Scratch } from "../types";
import { openArchive, type Archive } from "./archive";
import { partBytes, smallPart, utf8 } from "./part-bytes";
import { ReadStop } from "../read-stop";
import { ScanWindow } from "../scan-window";
import { SharedStrings } from "./shared-strings";
import { isTruncation, readRange } from "./source";
import { numberKindsOf } from "./styles";
import {
  parseWorkbook,
  relationshipsOf,
  relationshipsPart,
  sheetsWithoutWorkbook,
  type Workbook,
} from "./workbook";
import { isOle, isZip, oleProblem, zipProblem } from "./look-alikes";

export interface OpenWorkbook extends Workbook {
  archive: Archive;
  numberKinds: Uint8Array | undefined;
}

const HEAD_BYTES = 1 << 16;

/** The workbook of a file, without its rows. Fails with a FileProblem when the file is something else, or locked. */
export async function openWorkbook(file: ByteSource, limits: ReadLimits): Promise<OpenWorkbook> {
  if (file.size === 0) throw new FileProblem("empty-file", "The file is empty (0 bytes).");
  const head = await readRange(file, 0, Math.min(file.size, HEAD_BYTES)).catch((error: unknown) => {
    if (isTruncation(error)) throw new FileProblem("truncated", "The file ended while it was being read.");
    throw error;
  });
  if (isOle(head)) throw oleProblem(head);
  if (!isZip(head)) {
    throw new FileProblem(
      "unsupported-format",
      "This is not an Excel workbook: it does not begin like an .xlsx file.",
    );
  }
  const archive = await openArchive(file, limits);
  const workbook = await readWorkbook(file, archive, limits);
  if (workbook.sheets.length === 0) throw zipProblem(archive, head);
  return { ...workbook, archive, numberKinds: await readNumberKinds(file, workbook, limits) };
}

async function readWorkbook(file: ByteSource, archive: Archive, limits: ReadLimits): Promise<Workbook> {
  const packageRelationships = await tryPart(file, archive, "_rels/.rels", limits);
  const stated = packageRelationships && relationshipsOf(packageRelationships, "");
  const name = stated?.find(({ type }) => type === "officeDocument")?.target ?? "xl/workbook.xml";
  const part = await tryPart(file, archive, name, limits);
  if (!part) return sheetsWithoutWorkbook(archive);
  const relationships = await tryPart(file, archive, relationshipsPart(name), limits);
  return parseWorkbook(part, relationships ? relationshipsOf(relationships, name) : [], archive);
}

async function readNumberKinds(
  file: ByteSource,
  workbook: Workbook,
  limits: ReadLimits,
): Promise<Uint8Array | undefined> {
  if (workbook.stylesLost) return undefined;
  if (!workbook.styles) return new Uint8Array(0);
  const part = await orDamaged(smallPart(file, workbook.styles, limits));
  return part && numberKindsOf(part);
}

async function tryPart(
  file: ByteSource,
  archive: Archive,
  name: string,
  limits: ReadLimits,
): Promise<Buffer | undefined> {
  return orDamaged(smallPart(file, archive.find(name), limits));
}

/** A damaged part counts as missing here: what depends on it says so where it is missed. */
async function orDamaged<T>(part: Promise<T>): Promise<T | undefined> {
  try {
    return await part;
  } catch (error) {
    if (error instanceof ReadStop && error.code === "archive-damaged") return undefined;
    throw error;
  }
}

/** Bytes a scanner may leave unread while it waits for the end of a cell. */
export function pendingBytesMax(limits: ReadLimits): number {
  return limits.cellCharsMax * 4 + (1 << 20);
}

export interface SharedStringsOptions {
  countMax?: number;
  scratch?: Scratch;
}

/**
 * The workbook's texts, up to `countMax` of them. What a damaged part still holds is there; a cell that needs more finds
 * nothing.
 */
export async function loadSharedStrings(
  file: ByteSource,
  workbook: OpenWorkbook,
  limits: ReadLimits,
  { countMax = Infinity, scratch }: SharedStringsOptions = {},
): Promise<SharedStrings> {
  const entry = workbook.sharedStrings;
  const strings = new SharedStrings(limits.cellCharsMax, scratch);
  if (!entry) return strings;
  const window = new ScanWindow(strings, pendingBytesMax(limits));
  try {
    for await (const chunk of utf8(partBytes(file, entry, limits))) {
      // To the end of the part, past that of the table: only then is the checksum known.
      if (!strings.done) window.push(chunk);
      if (strings.count >= countMax) return strings;
    }
    window.finish();
  } catch (error) {
    if (!(error instanceof ReadStop) || error.code !== "archive-damaged") throw error;
    // Cut off, the texts there are right; otherwise some may be wrong.
    if (!workbook.archive.cutOff) strings.suspect = error;
  }
  return strings;
}
