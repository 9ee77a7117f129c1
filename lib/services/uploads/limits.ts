import { DEFAULT_READ_LIMITS, type ReadLimits } from "@/lib/core/formats/types";
import { env } from "@/lib/platform/env";

/** Rows of a file that are shown after an upload. */
export const SAMPLE_ROWS = 20;

/** The limits of S3.4 as this installation sets them. */
export function readLimits(): ReadLimits {
  return {
    ...DEFAULT_READ_LIMITS,
    columnsMax: env().IMPORT_COLUMNS_MAX,
    cellCharsMax: env().IMPORT_CELL_CHARS_MAX,
    rowsMax: env().IMPORT_ROWS_MAX,
  };
}
