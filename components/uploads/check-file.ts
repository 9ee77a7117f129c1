import { formatBytes } from "@/components/format";

/** The server has the last word (it may be set lower); this only spares sending what cannot be accepted. */
export const UPLOAD_BYTES_MAX = 2 * 1024 ** 3;

const HEAD_BYTES = 16;

interface Signature {
  bytes: readonly number[];
  offset?: number;
  message: string;
}

const UNUSABLE =
  "Ferry reads CSV and other delimited text, Excel workbooks (.xlsx) and JSON, also in ZIP archives. This file is";

const SIGNATURES: readonly Signature[] = [
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    message:
      "This is an Excel file of the older kind (.xls) or another Office document. Save it as .xlsx or CSV, then import that.",
  },
  { bytes: [0x25, 0x50, 0x44, 0x46], message: `${UNUSABLE} a PDF document.` },
  { bytes: [0x89, 0x50, 0x4e, 0x47], message: `${UNUSABLE} an image.` },
  { bytes: [0xff, 0xd8, 0xff], message: `${UNUSABLE} an image.` },
  { bytes: [0x47, 0x49, 0x46, 0x38], message: `${UNUSABLE} an image.` },
  { bytes: [0x66, 0x74, 0x79, 0x70], offset: 4, message: `${UNUSABLE} a video.` },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], message: `${UNUSABLE} a program.` },
  { bytes: [0x4d, 0x5a], message: `${UNUSABLE} a program.` },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], message: `${UNUSABLE} a 7-Zip archive. Unpack it first.` },
  { bytes: [0x52, 0x61, 0x72, 0x21], message: `${UNUSABLE} a RAR archive. Unpack it first.` },
];

/**
 * Why a file cannot be imported, in words for the person, or null. Looks at its size and first bytes, never at its
 * name: a CSV may be called anything.
 */
export async function reasonToRefuse(file: File, sizeBytesMax = UPLOAD_BYTES_MAX): Promise<string | null> {
  let head: Uint8Array;
  try {
    head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  } catch {
    return "This cannot be read: it may be a folder, or have been moved or changed since it was chosen.";
  }
  if (file.size === 0) return "This file is empty.";
  if (file.size > sizeBytesMax) {
    return `This file has ${formatBytes(file.size)}; at most ${formatBytes(sizeBytesMax)} can be imported at once.`;
  }
  return SIGNATURES.find((signature) => startsWith(head, signature))?.message ?? null;
}

function startsWith(head: Uint8Array, { bytes, offset = 0 }: Signature): boolean {
  return bytes.every((byte, index) => head[offset + index] === byte);
}
