import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import { ReadStop } from "../read-stop";
import type { ByteSource, ReadLimits } from "../types";

const CHUNK_BYTES = 1 << 17;
/** A small file may have any ratio: its size is no danger. */
const RATIO_FREE_BYTES = 1 << 22;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * The bytes that were packed, of one member or several. Ends with a ReadStop of "archive-damaged" after the last good
 * byte, or of "archive-too-large".
 */
export async function* gunzipped(file: ByteSource, limits: ReadLimits): AsyncGenerator<Buffer, void> {
  let packed = 0;
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.stream()) {
      packed += chunk.length;
      yield chunk;
    }
  }
  const gunzip = zlib.createGunzip({ chunkSize: CHUNK_BYTES });
  let sourceError: Error | undefined;
  const source = Readable.from(counted(), { highWaterMark: 2 });
  source.on("error", (error) => {
    sourceError = error;
    gunzip.destroy(error);
  });
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limits.archiveBytesMax) {
        throw new ReadStop("archive-too-large", `it unpacks to more than ${limits.archiveBytesMax} bytes`);
      }
      if (size > RATIO_FREE_BYTES && size > packed * limits.expansionRatioMax) {
        throw new ReadStop(
          "archive-too-large",
          `it unpacks to more than ${limits.expansionRatioMax} times its size`,
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_")) {
      const isCutOff = error.code === "Z_BUF_ERROR";
      throw new ReadStop("archive-damaged", isCutOff ? "it ends too early" : "its packed bytes are corrupt");
    }
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
