import { z } from "zod";
import { Moment } from "@/lib/contracts/common";

/** S3's smallest part, so that the same client code serves every store. */
export const UPLOAD_PART_BYTES = 5 * 1024 * 1024;

export const CreateUploadBody = z.object({
  name: z.string().trim().min(1).max(1_000),
  /** Bytes of the whole file. */
  size: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  type: z.string().max(255).optional(),
});
export type CreateUpload = z.output<typeof CreateUploadBody>;

export const PartParams = z.object({ id: z.uuid(), number: z.coerce.number().int().min(1).max(1_000_000) });
export const PartUrlQuery = z.object({
  expires: z.string().max(20).optional(),
  signature: z.string().max(200).optional(),
});

export const UploadedPartShape = z.object({
  number: z.number().int(),
  etag: z.string(),
  size: z.number().int(),
});

export const UploadShape = z.object({
  id: z.uuid(),
  name: z.string(),
  size: z.number().int(),
  state: z.enum(["uploading", "complete"]),
  partSize: z.number().int(),
  /** What is still missing, each with a signed address to PUT the bytes to. */
  parts: z.array(z.object({ number: z.number().int(), url: z.url() })),
  uploadedParts: z.array(UploadedPartShape),
  expiresAt: Moment,
});
export type Upload = z.output<typeof UploadShape>;

export const CompleteUploadBody = z.object({
  parts: z
    .array(z.object({ number: z.number().int().min(1), etag: z.string().min(1).max(100) }))
    .max(100_000),
});

export const DetectedShape = z.object({
  format: z.enum(["csv", "xlsx", "json", "ndjson"]),
  encoding: z.string().optional(),
  delimiter: z.string().optional(),
  sheets: z.array(z.object({ index: z.number().int(), name: z.string() })).optional(),
  columns: z.array(z.string()),
  sampleRows: z.array(z.array(z.string())),
  rowEstimate: z.number(),
  rowEstimateExact: z.boolean(),
  headerRows: z.number().int(),
  skippedRows: z.number().int(),
  syntheticHeader: z.boolean(),
  evidence: z.array(z.string()),
});

export const CompletedUploadShape = z.object({
  id: z.uuid(),
  name: z.string(),
  size: z.number().int(),
  sha256: z.string(),
  detected: DetectedShape,
});
export type CompletedUpload = z.output<typeof CompletedUploadShape>;
