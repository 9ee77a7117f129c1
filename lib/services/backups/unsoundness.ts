import type { BackupCheck } from "@/db/schema";
import { BackupProblem } from "@/lib/core/backups/errors";
import { AgeError } from "@/lib/platform/age/errors";
import { ObjectDamagedError, ObjectMissingError } from "@/lib/storage/store";

/**
 * What an error while a backup was read says about the backup.
 * @throws the error itself when it says nothing about it: a store or a database that is away
 */
export function unsoundness(error: unknown, depth: BackupCheck["depth"]): BackupCheck {
  const unsound = (code: string, message: string): BackupCheck => ({
    outcome: "unsound",
    depth,
    code,
    message,
  });
  if (error instanceof BackupProblem) return unsound(error.code, error.message);
  if (error instanceof AgeError) {
    return unsound(error.failure === "no-match" ? "wrong-key" : "damaged", error.message);
  }
  if (error instanceof ObjectMissingError) return unsound("missing", "The file of this backup is gone.");
  if (error instanceof ObjectDamagedError) {
    return unsound("damaged", "The stored file is damaged: it is not what was written.");
  }
  throw error;
}
