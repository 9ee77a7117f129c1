import type { FileRows } from "@/lib/core/formats/file-rows";
import { fileRowOf } from "@/lib/core/formats/file-rows";
import type { StoredDetection } from "./detect";
import type { StagedSummary } from "./stage-lines";

/**
 * Where an import's rows stand in its file, so that a person who is told of one finds it. Null for files whose records
 * have no rows (JSON).
 */
export function fileRowsOf(
  { format, skippedRows, headerRows }: StoredDetection,
  staged: StagedSummary | null,
): FileRows | null {
  if (format !== "csv" && format !== "xlsx") return null;
  return {
    first: skippedRows + headerRows + 1,
    passedOver: staged?.passedOver ?? [],
    ...(staged?.passedOverThrough !== undefined && { knownThrough: staged.passedOverThrough }),
  };
}

/** Faults of rows, with the row of the file in which each stands. */
export function errorsWithPlaces(detection: StoredDetection, staged: StagedSummary) {
  const places = fileRowsOf(detection, staged);
  return staged.recentErrors.map((error) => ({
    ...error,
    ...(places && { fileRow: fileRowOf(places, error.row) }),
  }));
}
