import { isAscii } from "node:buffer";
import { analyse } from "chardet";
import { FileProblem, type ByteSource } from "@/lib/core/formats/types";
import { ALPHABETS } from "./alphabets";
import { normaliseEncoding } from "./labels";
import { MULTI_BYTE_ENCODINGS, multiBytePlausibility, singleBytePlausibility } from "./plausibility";
import { readRange } from "./bytes";
import { surveyUtf8 } from "./utf8";

export interface EncodingFinding {
  /** Canonical label. */
  encoding: string;
  /** Bytes of the byte order mark, to be passed over. */
  bomBytes: number;
  /** One sentence for the person. */
  evidence: string;
}

const HEAD_BYTES = 256 * 1024;
/** While the file is pure ASCII it is read on this far, and then in samples. */
const SCAN_BYTES = 4 * 1024 * 1024;
const STRIDES = 16;
const STRIDE_BYTES = 64 * 1024;

const BOMS: { encoding: string; bytes: number[] }[] = [
  { encoding: "utf-32le", bytes: [0xff, 0xfe, 0, 0] },
  { encoding: "utf-32be", bytes: [0, 0, 0xfe, 0xff] },
  { encoding: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
];

/**
 * Finds the encoding of a text file: byte order mark, UTF-16 by the places of its zero bytes, UTF-8 by validity (bytes
 * that are valid UTF-8 are UTF-8), else the legacy encoding whose letters make the likeliest text. A head of pure ASCII
 * settles nothing, so the search goes on through the next megabytes and then through samples of the whole file.
 * @param told an encoding that was told: it stands, unless the bytes plainly contradict it.
 * @throws FileProblem wrong-encoding when `told` is unknown, or is UTF-8 and most of the accents are not.
 */
export async function detectEncoding(file: ByteSource, told?: string): Promise<EncodingFinding> {
  const head = await readRange(file, 0, HEAD_BYTES);
  const bom = BOMS.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  if (told !== undefined) return toldEncoding(told, head, bom?.encoding, bom?.bytes.length ?? 0);
  if (bom !== undefined) {
    return {
      encoding: bom.encoding,
      bomBytes: bom.bytes.length,
      evidence: `Encoding ${bom.encoding}: the file starts with its byte order mark.`,
    };
  }
  const wide = utf16WithoutBom(head);
  if (wide !== undefined) {
    return {
      encoding: wide,
      bomBytes: 0,
      evidence: `Encoding ${wide}: every other byte is zero, as in UTF-16.`,
    };
  }
  const sample = isAscii(head) && file.size > head.length ? await firstNonAscii(file, head.length) : head;
  if (sample === undefined || isAscii(sample)) {
    return { encoding: "utf-8", bomBytes: 0, evidence: "Encoding utf-8: only ASCII characters were found." };
  }
  return { bomBytes: 0, ...encodingOfText(sample) };
}

function toldEncoding(
  told: string,
  head: Buffer,
  bomEncoding: string | undefined,
  bomBytes: number,
): EncodingFinding {
  const encoding = normaliseEncoding(told);
  if (encoding === undefined)
    throw new FileProblem("wrong-encoding", `Ferry does not know the encoding "${told}".`);
  const survey = encoding === "utf-8" ? surveyUtf8(head) : undefined;
  if (survey !== undefined && survey.invalid > survey.multiByte) {
    throw new FileProblem(
      "wrong-encoding",
      `The file is not UTF-8: the byte at ${survey.firstInvalid} is no UTF-8 text. Choose another encoding.`,
      { byte: survey.firstInvalid },
    );
  }
  const own = bomEncoding === encoding ? bomBytes : 0;
  return { encoding, bomBytes: own, evidence: `Encoding ${encoding}: as told.` };
}

/** Scans on for bytes beyond ASCII; undefined when none was found. */
async function firstNonAscii(file: ByteSource, from: number): Promise<Buffer | undefined> {
  const scanEnd = Math.min(file.size, SCAN_BYTES);
  let tail = Buffer.alloc(0);
  let at = from;
  for await (const chunk of file.stream(from, scanEnd)) {
    const bytes = Buffer.concat([tail, chunk]);
    if (!isAscii(chunk)) return around(bytes, await readRange(file, at + chunk.length, HEAD_BYTES));
    tail = bytes.subarray(Math.max(0, bytes.length - 256));
    at += chunk.length;
  }
  const rest = file.size - scanEnd;
  if (rest <= 0) return undefined;
  for (let stride = 0; stride < STRIDES; stride++) {
    const start = scanEnd + Math.floor((rest * stride) / STRIDES);
    const sample = await readRange(file, start, STRIDE_BYTES);
    if (!isAscii(sample)) return wholeLines(sample);
  }
  return undefined;
}

/** The bytes from a little before the first non-ASCII one to HEAD_BYTES beyond it. */
function around(bytes: Buffer, following: Buffer): Buffer {
  const all = Buffer.concat([bytes, following]);
  let first = 0;
  while ((all[first] ?? 0x80) < 0x80) first++;
  return all.subarray(Math.max(0, first - 200), first + HEAD_BYTES);
}

/** Cuts a sample from the middle of a file at line ends, so that it starts and ends with whole characters. */
function wholeLines(sample: Buffer): Buffer {
  const first = sample.indexOf(0x0a);
  const last = sample.lastIndexOf(0x0a);
  return first >= 0 && last > first ? sample.subarray(first + 1, last) : sample;
}

function utf16WithoutBom(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  const length = Math.min(head.length, 8192) & ~1;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let i = 0; i < length; i += 2) {
    if (head[i] === 0) evenZeros++;
    if (head[i + 1] === 0) oddZeros++;
  }
  const characters = length / 2;
  // Even Chinese text has ASCII delimiters and line ends: a few per hundred characters.
  const enough = Math.max(1, characters * 0.03);
  if (oddZeros >= enough && evenZeros <= oddZeros * 0.01) return "utf-16le";
  if (evenZeros >= enough && oddZeros <= evenZeros * 0.01) return "utf-16be";
  return undefined;
}

/** Encoding of bytes that hold more than ASCII and no mark. */
function encodingOfText(sample: Buffer): { encoding: string; evidence: string } {
  const survey = surveyUtf8(sample);
  if (survey.invalid === 0) {
    return { encoding: "utf-8", evidence: "Encoding utf-8: the bytes are valid UTF-8." };
  }
  if (survey.multiByte >= survey.invalid * 10) {
    return {
      encoding: "utf-8",
      evidence: `Encoding utf-8: nearly all bytes are valid UTF-8; the ${survey.invalid} that are not are read as Windows-1252.`,
    };
  }
  const encoding = likeliestLegacy(nonAsciiLines(sample));
  return {
    encoding,
    evidence: `Encoding ${encoding}: the bytes are not UTF-8, and read best in this encoding.`,
  };
}

/** The lines of the sample that hold more than ASCII, at most 32 KiB of them. */
function nonAsciiLines(sample: Buffer): Buffer {
  const lines: Buffer[] = [];
  let size = 0;
  for (let at = 0; at < sample.length && size < 32 * 1024;) {
    const newline = sample.indexOf(0x0a, at);
    const end = newline < 0 ? sample.length : newline + 1;
    const line = sample.subarray(at, end);
    // The last line may be cut in the middle of a character.
    if (!isAscii(line) && (newline >= 0 || lines.length === 0)) {
      lines.push(line);
      size += line.length;
    }
    at = end;
  }
  return Buffer.concat(lines).subarray(0, 64 * 1024);
}

/** Windows code pages that hold all of an ISO encoding's letters, most of them at the same places, and are likelier. */
const WINDOWS_FOR: Record<string, string> = {
  "iso-8859-2": "windows-1250",
  "iso-8859-7": "windows-1253",
  "iso-8859-8": "windows-1255",
  "iso-8859-6": "windows-1256",
  "iso-8859-15": "windows-1252",
};

function likeliestLegacy(bytes: Buffer): string {
  const votes = new Map<string, number>();
  for (const match of analyse(bytes)) {
    const label = normaliseEncoding(match.name);
    for (const each of label === undefined ? [] : [label, WINDOWS_FOR[label] ?? label]) {
      votes.set(each, Math.max(votes.get(each) ?? 0, match.confidence / 100));
    }
  }
  let best = "windows-1252";
  let bestScore = -Infinity;
  const consider = (encoding: string, plausibility: number) => {
    const score = plausibility + 0.25 * (votes.get(encoding) ?? 0);
    if (score > bestScore + 0.02) {
      best = encoding;
      bestScore = score;
    }
  };
  for (const alphabet of ALPHABETS) consider(alphabet.encoding, singleBytePlausibility(bytes, alphabet));
  for (const encoding of MULTI_BYTE_ENCODINGS) consider(encoding, multiBytePlausibility(bytes, encoding));
  return best;
}
