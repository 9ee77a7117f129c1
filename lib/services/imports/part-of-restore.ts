import type { ImportRow } from "@/db/queries/imports";
import { ConflictError } from "@/lib/platform/errors";

/** @throws ConflictError for an import that is one collection of a restore: it begins and ends with the whole */
export function refusePart(row: Pick<ImportRow, "restoreId">): void {
  if (row.restoreId === null) return;
  throw new ConflictError(
    "part-of-restore",
    "This is one collection of a restore. It is carried out, cancelled and undone with the restore as a whole.",
  );
}
