import { AppError } from "@/lib/platform/errors";
import type { SystemContext } from "@/lib/services/context";
import { ObjectMissingError } from "@/lib/storage/store";

/**
 * A store that holds nothing at all is not the one that backups were written to: its disk is not mounted, or its address
 * was changed. What is missing in it is not gone.
 * @throws AppError `storage-empty`
 */
export async function refuseEmptyStore({ storage }: SystemContext): Promise<void> {
  for await (const key of storage.list("")) if (key) return;
  throw new AppError(
    503,
    "storage-empty",
    "The storage holds nothing at all, not one file of anybody: its disk may not be mounted, or STORAGE_URL names another place than before. Nothing was decided about backups.",
  );
}

/** The same after an error, if that says that an object is missing. */
export async function refuseIfEmptied(ctx: SystemContext, error: unknown): Promise<void> {
  if (error instanceof ObjectMissingError) await refuseEmptyStore(ctx);
}
