import type { ByteSource } from "@/lib/core/formats/types";

/** Bytes in memory as a file, handed out in chunks of `chunkBytes`. */
export function memorySource(content: string | Uint8Array, chunkBytes = 64 * 1024): ByteSource {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    size: bytes.length,
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, memory is not
    async *stream(start = 0, end = bytes.length) {
      for (let at = start; at < end; at += chunkBytes)
        yield bytes.subarray(at, Math.min(end, at + chunkBytes));
    },
  };
}
