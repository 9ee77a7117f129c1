import { z } from "zod";

/** Backups by what made them: a safety backup, whatever it holds, is one that a restore made first. */
export const STORED_KINDS = [
  "full-backups",
  "incremental-backups",
  "safety-backups",
  "exports",
  "uploads",
] as const;
export type StoredKind = (typeof STORED_KINDS)[number];

export const StorageShape = z.object({
  /** Where files rest: a folder of the server, or a bucket. */
  kind: z.enum(["disk", "s3"]),
  /** Whether clients send files straight to the bucket. */
  directUploads: z.boolean(),
  /** What the signed-in user has stored, in bytes as seen by them (encryption adds less than 0.1 %). */
  use: z.array(
    z.object({ kind: z.enum(STORED_KINDS), count: z.number().int(), sizeBytes: z.number().int() }),
  ),
  /**
   * What the user's backups take up together of what they may, deleted ones included until their files are removed, safety
   * backups not (they have as much again for themselves); null where there is no quota.
   */
  backupQuota: z.object({ usedBytes: z.number().int(), maxBytes: z.number().int() }).nullable(),
});
export type StorageInfo = z.output<typeof StorageShape>;

/** The steps of a test of the storage, in their order. */
export const STORAGE_STEPS = ["write", "read", "range", "list", "delete", "direct"] as const;
export type StorageStep = (typeof STORAGE_STEPS)[number];

export const StorageTestShape = z.object({
  ok: z.boolean(),
  probeBytes: z.number().int(),
  steps: z.array(
    z.object({
      step: z.enum(STORAGE_STEPS),
      /** skipped: an earlier step failed, or this storage has no such thing. */
      outcome: z.enum(["ok", "failed", "skipped"]),
      ms: z.number().nullable(),
      bytesPerSecond: z.number().nullable(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
  ),
});
export type StorageTest = z.output<typeof StorageTestShape>;
