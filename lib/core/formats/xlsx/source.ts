import type { ByteSource } from "../types";

/** The bytes of [start, end), fewer when the source ends before. */
export async function readRange(file: ByteSource, start: number, end: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  if (start < end) for await (const chunk of file.stream(start, end)) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] ? asBuffer(chunks[0]) : Buffer.concat(chunks);
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A source that ended before its size: reported by name, as core knows nothing of the drivers that throw it. */
export function isTruncation(error: unknown): boolean {
  return error instanceof Error && error.name === "SourceTruncatedError";
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
