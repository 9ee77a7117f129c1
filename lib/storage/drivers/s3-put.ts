import { createHash, randomUUID } from "node:crypto";
import type { S3Connection } from "@/lib/storage/drivers/s3-client";
import { isMissing, notS3, storageProblem } from "@/lib/storage/drivers/s3-problems";
import type { S3Settings } from "@/lib/storage/drivers/s3-url";
import { StorageProblem } from "@/lib/storage/problems";
import { withRetries } from "@/lib/storage/retries";
import { cutIntoPieces } from "@/lib/storage/wrappers/pieces";

/** All parts but the last have one size: some servers insist. 10,000 parts (S3's limit) of it are 78 GiB. */
export const S3_PART_BYTES = 8 * 1024 * 1024;
const PARTS_MAX = 10_000;
const PARTS_AT_ONCE = 3;
const MARK = "ferry-put";

export interface S3Target {
  connection: S3Connection;
  settings: S3Settings;
  /** The object's whole name in the bucket. */
  objectKey: string;
  delaysMs: readonly number[];
}

interface DonePart {
  PartNumber: number;
  ETag: string;
  ChecksumCRC32?: string | undefined;
  ChecksumSHA256?: string | undefined;
}

/**
 * Memory of parts that have been sent, used again: megabytes that are left to the garbage collector are many parts more
 * before it comes for them.
 */
class PartMemory {
  private readonly free: Uint8Array[] = [];
  private readonly own = new WeakSet<ArrayBufferLike>();

  readonly take = (bytes: number): Uint8Array => {
    const memory = this.free.pop() ?? new Uint8Array(bytes);
    this.own.add(memory.buffer);
    return memory;
  };

  /** Once nobody looks at the piece any more. */
  give(piece: Uint8Array): void {
    if (this.own.has(piece.buffer)) this.free.push(new Uint8Array(piece.buffer));
  }
}

/**
 * Writes a body of unknown length: in one request when it is short, else in parts, of which at most four are in memory.
 * When the body or a part fails, what was sent is given up, and the object that was there stays.
 */
export async function putObject(
  target: S3Target,
  body: AsyncIterable<Uint8Array>,
): Promise<{ sizeBytes: number }> {
  const memory = new PartMemory();
  const pieces = cutIntoPieces(body, S3_PART_BYTES, memory.take)[Symbol.asyncIterator]();
  const first = await pieces.next();
  const firstPiece = first.done ? new Uint8Array(0) : first.value;
  if (firstPiece.byteLength < S3_PART_BYTES) {
    await putWhole(target, firstPiece);
    return { sizeBytes: firstPiece.byteLength };
  }
  return await putInParts(target, firstPiece, pieces, memory);
}

async function putWhole(target: S3Target, bytes: Uint8Array): Promise<void> {
  const { connection, settings, objectKey } = target;
  const { ETag } = await request(target, () =>
    connection.client.send(
      new connection.sdk.PutObjectCommand({
        Bucket: settings.bucket,
        Key: objectKey,
        Body: bytes,
        ContentLength: bytes.byteLength,
        ...integrity(settings, bytes),
      }),
    ),
  );
  // Whatever else may answer 200, an object store names what it stored.
  if (ETag === undefined) throw notS3();
}

async function putInParts(
  target: S3Target,
  firstPiece: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  memory: PartMemory,
): Promise<{ sizeBytes: number }> {
  // Tells the object of this put from any other under the same key.
  const mark = randomUUID();
  let uploadId: string;
  try {
    uploadId = await begin(target, mark);
  } catch (error) {
    await rest.return?.();
    throw error;
  }
  try {
    const { parts, sizeBytes } = await sendParts(target, uploadId, firstPiece, rest, memory);
    await complete(target, uploadId, parts, mark);
    return { sizeBytes };
  } catch (error) {
    await abort(target, uploadId);
    throw error;
  }
}

async function begin(target: S3Target, mark: string): Promise<string> {
  const { connection, settings, objectKey } = target;
  const { UploadId } = await request(target, () =>
    connection.client.send(
      new connection.sdk.CreateMultipartUploadCommand({
        Bucket: settings.bucket,
        Key: objectKey,
        Metadata: { [MARK]: mark },
        ...(settings.checksum === "md5" ? {} : { ChecksumAlgorithm: algorithm(settings) }),
      }),
    ),
  );
  if (UploadId === undefined) throw notS3();
  return UploadId;
}

async function sendParts(
  target: S3Target,
  uploadId: string,
  firstPiece: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  memory: PartMemory,
): Promise<{ parts: DonePart[]; sizeBytes: number }> {
  const parts: DonePart[] = [];
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let sizeBytes = 0;
  const send = (number: number, piece: Uint8Array) => {
    const sending = sendPart(target, uploadId, number, piece)
      .then((part) => {
        parts[number - 1] = part;
        memory.give(piece);
      })
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  try {
    let piece: Uint8Array | undefined = firstPiece;
    for (let number = 1; piece && failures.length === 0; number++) {
      if (number > PARTS_MAX) {
        throw new StorageProblem(
          "storage-too-large",
          "An object store's object can have at most 78 GiB here.",
        );
      }
      sizeBytes += piece.byteLength;
      send(number, piece);
      if (underWay.size >= PARTS_AT_ONCE) await Promise.race(underWay);
      if (failures.length > 0) break;
      const next: IteratorResult<Uint8Array> = await rest.next();
      piece = next.done ? undefined : next.value;
    }
  } catch (error) {
    failures.unshift(error);
  }
  await Promise.all(underWay);
  if (failures.length === 0) return { parts, sizeBytes };
  await rest.return?.();
  throw failures[0];
}

async function sendPart(
  target: S3Target,
  uploadId: string,
  number: number,
  bytes: Uint8Array,
): Promise<DonePart> {
  const { connection, settings, objectKey } = target;
  const { ETag, ChecksumCRC32, ChecksumSHA256 } = await request(target, () =>
    connection.client.send(
      new connection.sdk.UploadPartCommand({
        Bucket: settings.bucket,
        Key: objectKey,
        UploadId: uploadId,
        PartNumber: number,
        Body: bytes,
        ContentLength: bytes.byteLength,
        ...integrity(settings, bytes),
      }),
    ),
  );
  if (ETag === undefined) throw notS3();
  return { PartNumber: number, ETag, ChecksumCRC32, ChecksumSHA256 };
}

async function complete(target: S3Target, uploadId: string, Parts: DonePart[], mark: string): Promise<void> {
  const { connection, settings, objectKey } = target;
  await request(target, async (attempt) => {
    try {
      await connection.client.send(
        new connection.sdk.CompleteMultipartUploadCommand({
          Bucket: settings.bucket,
          Key: objectKey,
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      );
    } catch (error) {
      // The answer to an earlier attempt was lost, not its effect.
      if (attempt > 1 && isMissing(error) && (await bearsMark(target, mark))) return;
      throw error;
    }
  });
}

async function bearsMark({ connection, settings, objectKey }: S3Target, mark: string): Promise<boolean> {
  const found = await connection.client.send(
    new connection.sdk.HeadObjectCommand({ Bucket: settings.bucket, Key: objectKey }),
  );
  return found.Metadata?.[MARK] === mark;
}

/** Best effort: what cannot be given up now is cleared by the store's removal of drafts. */
async function abort({ connection, settings, objectKey }: S3Target, uploadId: string): Promise<void> {
  await connection.client
    .send(
      new connection.sdk.AbortMultipartUploadCommand({
        Bucket: settings.bucket,
        Key: objectKey,
        UploadId: uploadId,
      }),
    )
    .catch(() => undefined);
}

function request<T>(target: S3Target, send: (attempt: number) => Promise<T>): Promise<T> {
  return withRetries(async (attempt) => {
    try {
      return await send(attempt);
    } catch (error) {
      throw storageProblem(error);
    }
  }, target.delaysMs);
}

function integrity(settings: S3Settings, bytes: Uint8Array) {
  return settings.checksum === "md5"
    ? { ContentMD5: createHash("md5").update(bytes).digest("base64") }
    : { ChecksumAlgorithm: algorithm(settings) };
}

function algorithm(settings: S3Settings): "CRC32" | "SHA256" {
  return settings.checksum === "sha256" ? "SHA256" : "CRC32";
}
