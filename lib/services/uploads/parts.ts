import { randomBytes } from "node:crypto";
import { UPLOAD_PART_BYTES } from "@/lib/contracts/uploads";
import type { UploadRow } from "@/db/queries/uploads";

/** How long an upload is kept after it was begun or last received a part (S3.2). */
export const UPLOAD_HOURS = 24;

export function uploadExpiry(now: Date): Date {
  return new Date(now.getTime() + UPLOAD_HOURS * 3_600_000);
}

export function partCount(sizeBytes: number, partBytes = UPLOAD_PART_BYTES): number {
  return Math.ceil(sizeBytes / partBytes);
}

/** Bytes that part `number` must have: all parts but the last are full. Undefined when the upload has no such part. */
export function partBytesOf(
  sizeBytes: number,
  number: number,
  partBytes = UPLOAD_PART_BYTES,
): number | undefined {
  const count = partCount(sizeBytes, partBytes);
  if (number < 1 || number > count) return undefined;
  return number < count ? partBytes : sizeBytes - (count - 1) * partBytes;
}

/** Every object of an upload lies below this, those of interrupted requests too. */
export function objectPrefix(uploadId: string): string {
  return `uploads/${uploadId}/`;
}

/** A new object for a part: one that is sent again never overwrites the one that stands. */
export function newStorageKey(uploadId: string, number: number): string {
  return `${objectPrefix(uploadId)}${number}-${randomBytes(8).toString("hex")}`;
}

/** Where an upload stands; `missing` are the numbers of the parts that have not arrived. */
export interface UploadView {
  id: string;
  name: string;
  size: number;
  state: "uploading" | "complete";
  partSize: number;
  uploadedParts: { number: number; etag: string; size: number }[];
  missing: number[];
  /** Addresses of the object store for the missing parts, where clients send to it past Ferry. */
  storeUrls?: ReadonlyMap<number, string>;
  expiresAt: string;
}

export function uploadView({
  upload,
  parts,
}: {
  upload: UploadRow;
  parts: readonly { number: number; etag: string; sizeBytes: number }[];
}): UploadView {
  const here = new Set(parts.map((p) => p.number));
  const missing: number[] = [];
  if (upload.state === "uploading") {
    for (let n = 1; n <= partCount(upload.sizeBytes, upload.partSizeBytes); n++)
      if (!here.has(n)) missing.push(n);
  }
  return {
    id: upload.id,
    name: upload.name,
    size: upload.sizeBytes,
    state: upload.state === "complete" ? "complete" : "uploading",
    partSize: upload.partSizeBytes,
    uploadedParts: parts.map((p) => ({ number: p.number, etag: `"${p.etag}"`, size: p.sizeBytes })),
    missing,
    expiresAt: upload.expiresAt.toISOString(),
  };
}
