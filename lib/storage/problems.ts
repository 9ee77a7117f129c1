import { AppError } from "@/lib/platform/errors";

export type StorageProblemCode =
  | "storage-access-denied"
  | "storage-bucket-missing"
  | "storage-clock-skew"
  | "storage-credentials"
  | "storage-damaged-on-the-way"
  | "storage-failed"
  | "storage-full"
  | "storage-not-s3"
  | "storage-too-large"
  | "storage-unavailable"
  | "storage-unreachable"
  | "storage-untrusted"
  | "storage-wrong-region";

interface Circumstances {
  /** What the store itself said: for the log, never for the person. */
  cause?: unknown;
  /** Trying again may help. */
  isTransient?: boolean;
}

/** The store did not do what it was asked to. The message is for a person and names no secret, address or bucket. */
export class StorageProblem extends AppError {
  readonly isTransient: boolean;

  constructor(code: StorageProblemCode, message: string, { cause, isTransient = false }: Circumstances = {}) {
    super(code === "storage-full" ? 507 : 503, code, message);
    this.cause = cause;
    this.isTransient = isTransient;
  }
}
