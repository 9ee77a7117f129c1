import type { ExportPiece } from "@/lib/services/exports/entries";

const NEWLINE = 10;

/** A piece of text that holds no record. */
export function text(content: string): ExportPiece {
  return { kind: "bytes", bytes: Buffer.from(content), records: 0 };
}

export function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
