import { findUploadWithParts, type UploadPartRow } from "@/db/queries/uploads";
import { FileProblem, type ByteSource } from "@/lib/core/formats/types";
import { NotFoundError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { ObjectDamagedError, ObjectMissingError, type Store } from "@/lib/storage/store";

/**
 * An uploaded file as one run of bytes with random access, whatever parts it rests in. The parts are those of this
 * moment. A part that is missing or damaged ends the stream with a FileProblem ("truncated") that says where.
 */
export async function openUpload(ctx: ServiceContext, uploadId: string): Promise<ByteSource> {
  const found = await findUploadWithParts(ctx.db, uploadId, ctx.ownerId);
  if (!found) throw new NotFoundError("upload");
  return partsSource(ctx.storage, found.parts);
}

/** The parts in the order given, end to end. */
export function partsSource(storage: Store, parts: readonly UploadPartRow[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const part of parts) {
    starts.push(size);
    size += part.sizeBytes;
  }
  return {
    size,
    async *stream(start = 0, end = size) {
      for (const [i, part] of parts.entries()) {
        const at = starts[i]!;
        const range = { start: Math.max(0, start - at), end: Math.min(part.sizeBytes, end - at) };
        if (range.end > range.start) yield* readPart(storage, part, range, at);
      }
    },
  };
}

async function* readPart(
  storage: Store,
  part: UploadPartRow,
  range: { start: number; end: number },
  at: number,
): AsyncIterable<Uint8Array> {
  let position = range.start;
  try {
    for await (const chunk of storage.read(part.storageKey, range)) {
      position += chunk.byteLength;
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof ObjectMissingError || error instanceof ObjectDamagedError)) throw error;
    throw cutOff(at + position);
  }
  if (position < range.end) throw cutOff(at + position);
}

function cutOff(byte: number): FileProblem {
  return new FileProblem(
    "truncated",
    `The uploaded file cannot be read beyond byte ${byte}: what was stored is missing or damaged. Upload it again.`,
    { byte },
  );
}
