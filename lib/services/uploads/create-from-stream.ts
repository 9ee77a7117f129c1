import { createHash } from "node:crypto";
import { findUploadWithParts, insertUpload, switchPart } from "@/db/queries/uploads";
import { UPLOAD_PART_BYTES, type CompletedUpload } from "@/lib/contracts/uploads";
import { env } from "@/lib/platform/env";
import { NotFoundError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { finishUpload } from "@/lib/services/uploads/complete-upload";
import { checkSize, emptyFile, fileName } from "@/lib/services/uploads/create-upload";
import { newStorageKey, uploadExpiry } from "@/lib/services/uploads/parts";
import { removeUpload } from "@/lib/services/uploads/remove-upload";

/**
 * An upload made of a file that arrives in one piece and of unknown size, such as a part of a multipart form. A body
 * that breaks, is empty or is larger than `bytesMax` leaves nothing behind. A file that cannot be understood throws as
 * `completeUpload` does; its upload is removed too, since nobody has learnt its id.
 */
export async function createUploadFromStream(
  ctx: ServiceContext,
  input: { name: string; body: AsyncIterable<Uint8Array>; bytesMax?: number },
): Promise<CompletedUpload> {
  const id = newId();
  const expiresAt = uploadExpiry(ctx.now());
  await insertUpload(ctx.db, {
    id,
    ownerId: ctx.ownerId,
    name: fileName(input.name),
    sizeBytes: 0,
    partSizeBytes: UPLOAD_PART_BYTES,
    expiresAt,
  });
  try {
    const bytesMax = Math.min(input.bytesMax ?? Number.MAX_SAFE_INTEGER, env().UPLOAD_BYTES_MAX);
    const sizeBytes = await storeInParts(ctx, id, input.body, bytesMax, expiresAt);
    if (sizeBytes === 0) throw emptyFile();
    const found = await findUploadWithParts(ctx.db, id, ctx.ownerId);
    if (!found) throw new NotFoundError("upload");
    return await finishUpload(ctx, found);
  } catch (error) {
    await removeUpload(ctx, id).catch((cause: unknown) =>
      ctx.log.warn({ err: cause, uploadId: id }, "upload not removed"),
    );
    throw error;
  }
}

async function storeInParts(
  ctx: ServiceContext,
  uploadId: string,
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
  expiresAt: Date,
): Promise<number> {
  let totalBytes = 0;
  let number = 0;
  for await (const part of runsOf(body, UPLOAD_PART_BYTES)) {
    number++;
    const md5 = createHash("md5");
    const storageKey = newStorageKey(uploadId, number);
    const { sizeBytes } = await ctx.storage.put(
      storageKey,
      (async function* () {
        for await (const chunk of part) {
          totalBytes += chunk.byteLength;
          checkSize(totalBytes, bytesMax);
          md5.update(chunk);
          yield chunk;
        }
      })(),
    );
    await switchPart(ctx.db, { uploadId, number, etag: md5.digest("hex"), sizeBytes, storageKey }, expiresAt);
  }
  return totalBytes;
}

/** The body as consecutive runs of `runBytes`, each to be read to its end before the next; nothing is held back. */
async function* runsOf(
  body: AsyncIterable<Uint8Array>,
  runBytes: number,
): AsyncIterable<AsyncIterable<Uint8Array>> {
  const source = body[Symbol.asyncIterator]();
  let rest = await pull(source);
  async function* run(): AsyncIterable<Uint8Array> {
    for (let room = runBytes; room > 0 && rest;) {
      const take: Uint8Array = rest.subarray(0, room);
      room -= take.byteLength;
      rest = take.byteLength < rest.byteLength ? rest.subarray(take.byteLength) : undefined;
      yield take;
      rest ??= await pull(source);
    }
  }
  try {
    while (rest) yield run();
  } finally {
    await source.return?.();
  }
}

/** The next chunk that is not empty. */
async function pull(source: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  for (;;) {
    const next = await source.next();
    if (next.done) return undefined;
    if (next.value.byteLength > 0) return next.value;
  }
}
