import { createHash } from "node:crypto";
import {
  closeUpload,
  findUploadWithParts,
  saveDetection,
  type UploadPartRow,
  type UploadRow,
  type UploadWithParts,
} from "@/db/queries/uploads";
import type { CompletedUpload } from "@/lib/contracts/uploads";
import { detectFile } from "@/lib/core/formats/registry";
import { FileProblem, type Detection } from "@/lib/core/formats/types";
import { ConflictError, NotFoundError, ValidationError, type ErrorDetail } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { arrivedParts, takeIn, type ArrivedPart } from "@/lib/services/uploads/incoming";
import { readLimits, SAMPLE_ROWS } from "@/lib/services/uploads/limits";
import { partsSource } from "@/lib/services/uploads/open-file";
import { partBytesOf, partCount } from "@/lib/services/uploads/parts";

export interface NamedPart {
  number: number;
  etag: string;
}

/**
 * Ends an upload: all parts are there, each is the one the client means, and together they have the declared size.
 * Then the whole is hashed and looked at. Done again, it answers the same. A file that cannot be understood is a
 * ValidationError with the FileProblem's code; the upload is complete all the same, so that an import can say how it
 * is to be read.
 */
export async function completeUpload(
  ctx: ServiceContext,
  id: string,
  named: readonly NamedPart[],
): Promise<CompletedUpload> {
  const found = await findUploadWithParts(ctx.db, id, ctx.ownerId);
  if (!found) throw new NotFoundError("upload");
  const told = new Map(named.map((p) => [p.number, bare(p.etag)]));
  if (found.upload.state !== "uploading" || !ctx.storage.incoming) {
    checkParts(found.upload, found.parts, told);
    return finishUpload(ctx, found);
  }
  const all = withArrived(found.parts, (await arrivedParts(ctx, found.upload)).parts, told);
  checkParts(found.upload, all, told);
  const sha256 = await takeIn(ctx, found.upload, all);
  const sealed = await findUploadWithParts(ctx.db, id, ctx.ownerId);
  if (!sealed) throw new NotFoundError("upload");
  return finishUpload(ctx, sealed, sha256);
}

/** All parts in order. One that came again past Ferry replaces the one taken in before, if the client means it. */
function withArrived(
  parts: readonly UploadPartRow[],
  arrived: readonly ArrivedPart[],
  told: ReadonlyMap<number, string>,
): (UploadPartRow | ArrivedPart)[] {
  const all = new Map<number, UploadPartRow | ArrivedPart>(parts.map((part) => [part.number, part]));
  for (const part of arrived) {
    const stored = all.get(part.number);
    const meant = told.get(part.number);
    if (!stored || (meant === part.etag && meant !== stored.etag)) all.set(part.number, part);
  }
  return [...all.values()].sort((a, b) => a.number - b.number);
}

/** Hashes (if nobody has), closes and detects an upload whose parts are known to be all there. */
export async function finishUpload(
  ctx: ServiceContext,
  found: UploadWithParts,
  knownSha256?: string,
): Promise<CompletedUpload> {
  const { upload, parts } = found;
  let { sha256 } = upload;
  const file = partsSource(ctx.storage, parts);
  if (upload.state !== "complete" || sha256 === null) {
    sha256 = knownSha256 ?? (await inWords(() => digest(file.stream())));
    if (!(await closeUpload(ctx.db, upload.id, parts, { sha256, sizeBytes: file.size }))) {
      throw new ConflictError(
        "upload-changed",
        "A part was replaced while the upload was being completed. Complete it again.",
      );
    }
  }
  const detection = (upload.detected as Detection | null) ?? (await detect(ctx, upload, file));
  return { id: upload.id, name: upload.name, size: file.size, sha256, detected: detected(detection) };
}

async function detect(
  ctx: ServiceContext,
  upload: UploadRow,
  file: ReturnType<typeof partsSource>,
): Promise<Detection> {
  const detection = (await isEncrypted(file))
    ? ENCRYPTED
    : await inWords(() => detectFile(file, {}, readLimits(), SAMPLE_ROWS));
  await saveDetection(ctx.db, upload.id, detection);
  return detection;
}

const AGE_HEAD = Buffer.from("age-encryption.org/v1\n", "latin1");

/** There is nothing in it to detect: it is for a restore. */
const ENCRYPTED: Detection = {
  format: "csv",
  source: { format: "csv" },
  headerRows: 0,
  skippedRows: 0,
  syntheticHeader: false,
  columns: [],
  sampleRows: [],
  rowEstimate: 0,
  rowEstimateExact: false,
  evidence: ["A file that age encrypted, such as a backup: it can be restored, but not imported."],
};

async function isEncrypted(file: ReturnType<typeof partsSource>): Promise<boolean> {
  const head: Uint8Array[] = [];
  for await (const bytes of file.stream(0, AGE_HEAD.length)) head.push(bytes);
  return AGE_HEAD.equals(Buffer.concat(head));
}

async function digest(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of body) hash.update(chunk);
  return hash.digest("hex");
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new ValidationError(error.message, undefined, error.code);
  }
}

function checkParts(
  upload: UploadRow,
  parts: readonly ArrivedPart[],
  told: ReadonlyMap<number, string>,
): void {
  const count = partCount(upload.sizeBytes, upload.partSizeBytes);
  const stored = new Map(parts.map((p) => [p.number, p]));
  const errors: ErrorDetail[] = [];
  for (let number = 1; number <= count; number++) {
    const part = stored.get(number);
    const path = `parts.${number}`;
    if (!part) errors.push({ path, message: "has not arrived" });
    else if (!told.has(number)) errors.push({ path, message: "is not named in the request" });
    else if (told.get(number) !== part.etag) errors.push({ path, message: `has the ETag "${part.etag}"` });
    else if (part.sizeBytes !== partBytesOf(upload.sizeBytes, number, upload.partSizeBytes)) {
      errors.push({ path, message: `has ${part.sizeBytes} bytes` });
    }
  }
  for (const number of told.keys()) {
    if (number > count) errors.push({ path: `parts.${number}`, message: "is beyond the end of the file" });
  }
  if (errors.length === 0) return;
  throw new ValidationError(
    `The upload is not complete: ${errors.length} of ${count} parts are missing or differ from what was sent.`,
    errors.slice(0, 100),
    "parts-mismatch",
  );
}

/** ETags are compared without quotes and weakness: clients hand them back in either form. */
function bare(etag: string): string {
  return etag
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1")
    .toLowerCase();
}

function detected(detection: Detection): CompletedUpload["detected"] {
  const { format, source, sheets, columns, sampleRows, rowEstimate, rowEstimateExact } = detection;
  const { headerRows, skippedRows, syntheticHeader, evidence } = detection;
  return {
    format,
    encoding: source.encoding,
    delimiter: source.delimiter,
    sheets,
    columns,
    sampleRows,
    rowEstimate,
    rowEstimateExact,
    headerRows,
    skippedRows,
    syntheticHeader,
    evidence,
  };
}
