import { FileProblem } from "@/lib/core/formats/types";
import { BackupProblem } from "@/lib/core/backups/errors";
import { AgeError } from "@/lib/platform/age/errors";
import { PermanentImportError } from "@/lib/services/imports/errors";
import { ObjectDamagedError, ObjectMissingError } from "@/lib/storage/store";

/** What is wrong with a backup, in a form that ends its restore; any other error as it is, since a retry may mend it. */
export function refusal(error: unknown): unknown {
  const refused = (code: string, message: string) => new PermanentImportError({ code, message });
  if (error instanceof BackupProblem) return refused(error.code, error.message);
  if (error instanceof AgeError) {
    return refused(error.failure === "no-match" ? "wrong-key" : "damaged", error.message);
  }
  if (error instanceof FileProblem) return refused("missing", error.message);
  if (error instanceof ObjectMissingError) return refused("missing", "The file of this backup is gone.");
  if (error instanceof ObjectDamagedError) {
    return refused("damaged", "The stored file is damaged: it is not what was written.");
  }
  return error;
}

export function planStale(): PermanentImportError {
  return new PermanentImportError({
    code: "plan-stale",
    message:
      "Records have changed since this preview was made, so it no longer tells what would happen. Nothing was changed: make a new preview.",
  });
}
