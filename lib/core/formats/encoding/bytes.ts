import type { ByteSource } from "@/lib/core/formats/types";

/** Reads `length` bytes from `start`, fewer at the end of the file. */
export async function readRange(file: ByteSource, start: number, length: number): Promise<Buffer> {
  const end = Math.min(file.size, start + length);
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (start < end) {
    for await (const chunk of file.stream(start, end)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= end - start) break;
    }
  }
  return Buffer.concat(chunks).subarray(0, end - start);
}
