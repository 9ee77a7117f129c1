import { createHash } from "node:crypto";
import { findUpload, switchPart } from "@/db/queries/uploads";
import { AppError, ConflictError, NotFoundError, ValidationError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";
import { newStorageKey, partBytesOf, uploadExpiry } from "@/lib/services/uploads/parts";

export interface ReceivedPart {
  uploadId: string;
  number: number;
  body: AsyncIterable<Uint8Array>;
  /** What the sender announced, where it did: a wrong announcement is refused before a byte is read. */
  contentLength?: number;
}

/**
 * Streams one part into the store and answers its ETag (MD5 in hex, as S3 does). The part must have exactly the bytes
 * that its number calls for: a body that was clipped on the way never counts as a part. The caller has checked the
 * signature of the part's URL, which stands for the owner.
 */
export async function storePart(ctx: SystemContext, part: ReceivedPart): Promise<{ etag: string }> {
  const upload = await findUpload(ctx.db, part.uploadId);
  if (!upload || upload.expiresAt < ctx.now()) throw new NotFoundError("upload");
  if (upload.state !== "uploading") throw closed();
  const expectedBytes = partBytesOf(upload.sizeBytes, part.number, upload.partSizeBytes);
  if (expectedBytes === undefined) throw new NotFoundError("part");
  if (part.contentLength !== undefined && part.contentLength !== expectedBytes) {
    throw wrongSize(part.number, expectedBytes, part.contentLength);
  }

  // A retried part is a new object: the one that stands is replaced only when this one is whole.
  const storageKey = newStorageKey(part.uploadId, part.number);
  const md5 = createHash("md5");
  const { sizeBytes } = await ctx.storage.put(storageKey, measured(part, expectedBytes, md5));
  if (sizeBytes !== expectedBytes) {
    await ctx.storage.delete(storageKey);
    throw wrongSize(part.number, expectedBytes, sizeBytes);
  }
  const etag = md5.digest("hex");
  const row = { uploadId: part.uploadId, number: part.number, etag, sizeBytes, storageKey };
  const switched = await switchPart(ctx.db, row, uploadExpiry(ctx.now()));
  if (switched === "closed") {
    await ctx.storage.delete(storageKey);
    throw closed();
  }
  if (switched.replacedKey) await ctx.storage.delete(switched.replacedKey);
  return { etag: `"${etag}"` };
}

async function* measured(
  part: ReceivedPart,
  expectedBytes: number,
  md5: ReturnType<typeof createHash>,
): AsyncIterable<Uint8Array> {
  let receivedBytes = 0;
  for await (const chunk of interruptible(part.body)) {
    receivedBytes += chunk.byteLength;
    if (receivedBytes > expectedBytes)
      throw wrongSize(part.number, expectedBytes, receivedBytes, "at least ");
    md5.update(chunk);
    yield chunk;
  }
}

/** A sender that goes away in the middle is no fault of ours, and not logged as one. */
async function* interruptible(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch {
    throw new AppError(400, "body-interrupted", "The connection ended before the whole part had arrived.");
  }
}

function wrongSize(number: number, expected: number, received: number, atLeast = ""): ValidationError {
  return new ValidationError(
    `Part ${number} must have ${expected} bytes; ${atLeast}${received} came. Send it again.`,
    [{ path: `parts.${number}`, message: `${expected} bytes expected, ${atLeast}${received} received` }],
    "part-size-mismatch",
  );
}

function closed(): ConflictError {
  return new ConflictError("upload-complete", "The upload is complete and takes no more parts.");
}
