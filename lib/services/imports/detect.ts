import { type ColumnDateOrder, inferFields } from "@/lib/core/fields/infer";
import { detectFile } from "@/lib/core/formats/registry";
import { type Detection, FileProblem, type SourceOptions } from "@/lib/core/formats/types";
import type { Field } from "@/lib/core/fields/types";
import { ValidationError } from "@/lib/platform/errors";
import type { ServiceContext } from "@/lib/services/context";
import { readLimits } from "@/lib/services/uploads/limits";
import { openUpload } from "@/lib/services/uploads/open-file";

/** Rows that types and date orders are inferred from, and cells at most, whatever the width. */
const INFERENCE_ROWS_MAX = 1_000;
const INFERENCE_CELLS_MAX = 200_000;
/** Rows that stay with the import for its pages. */
const KEPT_ROWS_MAX = 50;
const KEPT_CELLS_MAX = 20_000;

/** A detection as an import keeps it: a short sample, and what the long one told about the cells. */
export interface StoredDetection extends Detection {
  inferred: { fields: Field[]; dateOrders: ColumnDateOrder[]; decimalComma?: boolean };
}

/**
 * Looks at an uploaded file as `source` says, detecting what it leaves open.
 * @throws ValidationError with the FileProblem's code and words
 */
export async function detectUpload(
  ctx: ServiceContext,
  uploadId: string,
  source: SourceOptions,
): Promise<StoredDetection> {
  const file = await openUpload(ctx, uploadId);
  try {
    const detection = await detectFile(file, source, readLimits(), INFERENCE_ROWS_MAX);
    const width = Math.max(1, detection.columns.length);
    const sample = detection.sampleRows.slice(0, Math.max(1, Math.floor(INFERENCE_CELLS_MAX / width)));
    const { fields, dateOrders, decimalComma } = inferFields(detection.columns, sample);
    const kept = Math.max(1, Math.min(KEPT_ROWS_MAX, Math.floor(KEPT_CELLS_MAX / width)));
    return {
      ...detection,
      sampleRows: sample.slice(0, kept),
      inferred: { fields: detection.fields ?? fields, dateOrders, decimalComma },
    };
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new ValidationError(error.message, undefined, error.code);
  }
}
