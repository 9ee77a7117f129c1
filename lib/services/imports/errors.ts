import type { ImportFailure } from "@/lib/contracts/imports";

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
