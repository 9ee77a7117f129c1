import { insertUpload } from "@/db/queries/uploads";
import { UPLOAD_PART_BYTES, type CreateUpload } from "@/lib/contracts/uploads";
import { env } from "@/lib/platform/env";
import { TooLargeError, ValidationError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { viewWithIncoming } from "@/lib/services/uploads/incoming";
import { uploadExpiry, type UploadView } from "@/lib/services/uploads/parts";

/** Begins an upload: from now on its parts are taken, in any order. */
export async function createUpload(ctx: ServiceContext, input: CreateUpload): Promise<UploadView> {
  if (input.size === 0) throw emptyFile();
  checkSize(input.size);
  const now = ctx.now();
  const upload = {
    id: newId(),
    ownerId: ctx.ownerId,
    name: fileName(input.name),
    sizeBytes: input.size,
    contentType: input.type ?? null,
    partSizeBytes: UPLOAD_PART_BYTES,
    state: "uploading" as const,
    createdAt: now,
    expiresAt: uploadExpiry(now),
  };
  await insertUpload(ctx.db, upload);
  return viewWithIncoming(ctx, { upload: { ...upload, sha256: null, detected: null }, parts: [] });
}

export function emptyFile(): ValidationError {
  return new ValidationError("The file is empty: it holds no bytes at all.", undefined, "empty-file");
}

export function checkSize(sizeBytes: number, bytesMax = env().UPLOAD_BYTES_MAX): void {
  if (sizeBytes <= bytesMax) return;
  throw new TooLargeError(
    "file-too-large",
    `The file is larger than ${inUnits(bytesMax)}, the largest that can be uploaded here.`,
  );
}

function inUnits(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let step = 0;
  for (; bytes >= 1024 && step < units.length - 1; step++) bytes /= 1024;
  return `${Math.round(bytes * 10) / 10} ${units[step]}`;
}

/** The last segment of what the client calls the file, without control characters: it is shown and never opened. */
export function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = last.replace(/[\u0000-\u001f\u007f]/g, "").trim();
  return clean === "" ? "file" : clean.slice(0, 255);
}
