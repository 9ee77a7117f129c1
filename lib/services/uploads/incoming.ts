import { createHash } from "node:crypto";
import {
  extendUpload,
  findOpenUploads,
  switchPart,
  type UploadPartRow,
  type UploadRow,
  type UploadWithParts,
} from "@/db/queries/uploads";
import { ConflictError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";
import {
  newStorageKey,
  partBytesOf,
  uploadExpiry,
  uploadView,
  type UploadView,
} from "@/lib/services/uploads/parts";
import { ObjectMissingError, type IncomingObject } from "@/lib/storage/store";

/*
 * Where the store signs addresses, clients send parts to it past Ferry: each lies in the store's incoming area under
 * the upload's id and the part's number. Completing the upload reads every part once, seals it and removes the
 * original, so that in the end the parts rest as all others do.
 */

/** A part that lies in the incoming area. */
export interface ArrivedPart {
  number: number;
  etag: string;
  sizeBytes: number;
}

const incomingPrefix = (uploadId: string) => `${uploadId}/`;
const incomingKey = (uploadId: string, number: number) => `${incomingPrefix(uploadId)}${number}`;

/** An upload with the parts that arrived past Ferry, and with the store's addresses for those that have not. */
export async function viewWithIncoming(ctx: SystemContext, found: UploadWithParts): Promise<UploadView> {
  const area = ctx.storage.incoming;
  if (!area || found.upload.state !== "uploading") return uploadView(found);
  const { upload } = found;
  const { parts, lastAt } = await arrivedParts(ctx, upload);
  const expiresAt =
    lastAt && uploadExpiry(lastAt) > upload.expiresAt ? uploadExpiry(lastAt) : upload.expiresAt;
  if (expiresAt !== upload.expiresAt) await extendUpload(ctx.db, upload.id, expiresAt);
  const here = new Set(found.parts.map((part) => part.number));
  const all = [...found.parts, ...parts.filter((part) => !here.has(part.number))];
  const view = uploadView({
    upload: { ...upload, expiresAt },
    parts: all.sort((a, b) => a.number - b.number),
  });
  const urls = view.missing.map(async (number) => {
    const sizeBytes = partBytesOf(upload.sizeBytes, number, upload.partSizeBytes) ?? 0;
    return [number, await area.putUrl(incomingKey(upload.id, number), sizeBytes, expiresAt)] as const;
  });
  return { ...view, storeUrls: new Map(await Promise.all(urls)) };
}

/** The parts of an upload that lie in the incoming area, and when the last one came. */
export async function arrivedParts(
  ctx: SystemContext,
  upload: Pick<UploadRow, "id">,
): Promise<{ parts: ArrivedPart[]; lastAt?: Date }> {
  const parts: ArrivedPart[] = [];
  let lastAt: Date | undefined;
  const prefix = incomingPrefix(upload.id);
  for await (const { key, etag, sizeBytes, writtenAt } of ctx.storage.incoming?.list(prefix) ?? []) {
    const number = Number(key.slice(prefix.length));
    if (!Number.isSafeInteger(number) || number < 1) continue;
    parts.push({ number, etag: etag.toLowerCase(), sizeBytes });
    if (!lastAt || writtenAt > lastAt) lastAt = writtenAt;
  }
  return { parts, lastAt };
}

const PARTS_AT_ONCE = 3;

/**
 * Takes parts in: seals each one that lies in the incoming area and removes the original. `parts` are all of the
 * upload's, in order. Answers the SHA-256 of the whole. A process that dies in between has lost nothing: a part is
 * either still there or taken in.
 */
export async function takeIn(
  ctx: SystemContext,
  upload: UploadRow,
  parts: readonly (ArrivedPart | UploadPartRow)[],
): Promise<string> {
  const hash = createHash("sha256");
  const underWay: Promise<Buffer>[] = [];
  const next = async () => hash.update((await underWay.shift()) ?? "");
  for (const part of parts) {
    const loading = "storageKey" in part ? readStored(ctx, part) : sealPart(ctx, upload, part);
    // Awaited in their order; one that fails meanwhile is not unhandled.
    loading.catch(() => undefined);
    underWay.push(loading);
    if (underWay.length >= PARTS_AT_ONCE) await next();
  }
  while (underWay.length > 0) await next();
  return hash.digest("hex");
}

function readStored(ctx: SystemContext, part: UploadPartRow): Promise<Buffer> {
  return collect(ctx.storage.read(part.storageKey));
}

async function sealPart(ctx: SystemContext, upload: UploadRow, part: ArrivedPart): Promise<Buffer> {
  const key = incomingKey(upload.id, part.number);
  const bytes = await readIncoming(ctx, key);
  const storageKey = newStorageKey(upload.id, part.number);
  if (bytes?.length !== part.sizeBytes || !fitsEtag(bytes, part.etag)) throw changed();
  await ctx.storage.put(storageKey, onePiece(bytes));
  const row = {
    uploadId: upload.id,
    number: part.number,
    etag: part.etag,
    sizeBytes: bytes.length,
    storageKey,
  };
  const switched = await switchPart(ctx.db, row, uploadExpiry(ctx.now()));
  if (switched === "closed") {
    await ctx.storage.delete(storageKey);
    throw changed();
  }
  if (switched.replacedKey) await ctx.storage.delete(switched.replacedKey);
  await ctx.storage.incoming?.delete(key);
  return bytes;
}

async function readIncoming(ctx: SystemContext, key: string): Promise<Buffer | undefined> {
  try {
    return await collect(ctx.storage.incoming?.read(key) ?? onePiece(Buffer.alloc(0)));
  } catch (error) {
    if (error instanceof ObjectMissingError) return undefined;
    throw error;
  }
}

/** An ETag of 32 hex digits is the MD5 of the bytes; others (a key of the store's own encrypts them) say nothing. */
function fitsEtag(bytes: Buffer, etag: string): boolean {
  return !/^[0-9a-f]{32}$/.test(etag) || createHash("md5").update(bytes).digest("hex") === etag;
}

function changed(): ConflictError {
  return new ConflictError(
    "upload-changed",
    "A part was replaced while the upload was being completed. Complete it again.",
  );
}

/** Removes what lies in the incoming area of one upload. */
export async function removeIncoming(ctx: SystemContext, uploadId: string): Promise<void> {
  for await (const { key } of ctx.storage.incoming?.list(incomingPrefix(uploadId)) ?? []) {
    await ctx.storage.incoming?.delete(key);
  }
}

const STRAY_MS = 3_600_000;
const AT_ONCE = 500;

/** Removes parts that were sent to uploads which are complete or gone, with an address that was still valid. */
export async function removeStrayParts(ctx: SystemContext): Promise<number> {
  let removed = 0;
  let batch: IncomingObject[] = [];
  const clear = async () => {
    const idOf = (object: IncomingObject) => object.key.split("/", 1)[0] ?? "";
    const open = await findOpenUploads(ctx.db, [...new Set(batch.map(idOf))].filter(isUuid));
    for (const object of batch.filter((candidate) => !open.has(idOf(candidate)))) {
      await ctx.storage.incoming?.delete(object.key);
      removed++;
    }
    batch = [];
  };
  for await (const object of ctx.storage.incoming?.list("") ?? []) {
    if (ctx.now().getTime() - object.writtenAt.getTime() < STRAY_MS) continue;
    batch.push(object);
    if (batch.length >= AT_ONCE) await clear();
  }
  await clear();
  return removed;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* onePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}
