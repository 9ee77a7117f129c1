import type { ImportFailure } from "@/lib/contracts/imports";
import { ValidationError } from "@/lib/platform/errors";

/** A failure that trying again cannot mend. The import is taken back and says why. */
export class PermanentImportError extends Error {
  constructor(readonly failure: ImportFailure) {
    super(failure.message);
    this.name = "PermanentImportError";
  }
}

/** The person cancelled while the work was going on. */
export class ImportCancelledError extends Error {
  constructor() {
    super("The import was cancelled.");
    this.name = "ImportCancelledError";
  }
}

/** The person asked for a pause; what is in stays, and the work goes on from there. */
export class ImportPausedError extends Error {
  constructor() {
    super("The import is to be paused.");
    this.name = "ImportPausedError";
  }
}

/** What an error of this file means for the work that threw it; undefined for any other. */
export function stoppedBy(
  error: unknown,
): { stopped: "cancel" | "pause" } | { failure: ImportFailure } | undefined {
  if (error instanceof ImportCancelledError) return { stopped: "cancel" };
  if (error instanceof ImportPausedError) return { stopped: "pause" };
  if (error instanceof PermanentImportError) return { failure: error.failure };
  // What the person asked for cannot be done, such as a matching rule that would compare everything with everything.
  if (error instanceof ValidationError) return { failure: { code: error.code, message: error.message } };
  return undefined;
}
