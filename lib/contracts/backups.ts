import { z } from "zod";
import { Moment, pageQuery } from "@/lib/contracts/common";

/** Short ones are guessed by whoever gets hold of the file, however slow each guess is made. */
const PASSPHRASE_CHARS_MIN = 8;

const Passphrase = z
  .string()
  .min(PASSPHRASE_CHARS_MIN, `A passphrase has at least ${PASSPHRASE_CHARS_MIN} characters.`)
  .max(1024);

/** Of a post-quantum key: 1216 bytes in Bech32 are 1959 characters. */
const RECIPIENT_CHARS_MAX = 2048;

/** Public keys of age: age1…, or age1pq1… for post-quantum ones, which stay among themselves. */
export const RecipientsShape = z.object({
  mode: z.literal("recipients"),
  recipients: z.array(z.string().max(RECIPIENT_CHARS_MAX)).min(1).max(20),
});

/** To whom a backup is encrypted. Only `server` leaves Ferry able to read it. */
const EncryptionInput = z.discriminatedUnion("mode", [
  z.object({ mode: z.literal("server") }),
  RecipientsShape,
  /** Used while the request is answered, and never stored. */
  z.object({ mode: z.literal("passphrase"), passphrase: Passphrase }),
]);

export const CreateBackupBody = z.object({
  /** An incremental one holds what changed since the backup before it; it becomes a full one where there is none. */
  type: z.enum(["full", "incremental"]).default("full"),
  encryption: EncryptionInput.default({ mode: "server" }),
});
export type CreateBackup = z.output<typeof CreateBackupBody>;

/** What opens a backup that the server cannot open by itself. Used while the request is answered, and never stored. */
export const CheckBackupBody = z
  .object({
    passphrase: z.string().min(1).max(1024).optional(),
    /** AGE-SECRET-KEY-1…, or AGE-SECRET-KEY-PQ-1… */
    identity: z.string().max(200).optional(),
  })
  .prefault({});
export type CheckBackup = z.output<typeof CheckBackupBody>;

const CheckShape = z.object({
  outcome: z.enum(["sound", "unsound"]),
  /** content: decrypted and read whole. stored-bytes: only the encrypted bytes were compared, for want of a key. */
  depth: z.enum(["content", "stored-bytes"]),
  code: z.string().optional(),
  message: z.string().optional(),
  at: Moment,
});

export const BackupShape = z.object({
  id: z.uuid(),
  jobId: z.uuid(),
  type: z.enum(["full", "incremental"]),
  state: z.enum(["pending", "processing", "completed", "failed", "cancelled"]),
  reason: z.enum(["manual", "schedule", "safety"]),
  encryption: z.discriminatedUnion("mode", [
    z.object({ mode: z.literal("server") }),
    z.object({ mode: z.literal("recipients"), recipients: z.array(z.string()) }),
    z.object({ mode: z.literal("passphrase") }),
  ]),
  /** The backup that an incremental one goes on from. */
  parentId: z.uuid().nullable(),
  /** The full backup at the beginning of its chain. */
  chainId: z.uuid(),
  /** 0 for a full one, 1 for the first that goes on from it… */
  chainPosition: z.number().int(),
  fileName: z.string(),
  /** Bytes of the file, once it is made. */
  size: z.number().int().nullable(),
  sha256: z.string().nullable(),
  counts: z
    .object({
      collections: z.number().int(),
      records: z.number().int(),
      deletions: z.number().int(),
      /** Entries of the account's categories; not there in a backup of format 1, which holds none. */
      preferences: z.number().int().optional(),
      notifications: z.number().int().optional(),
      analytics: z.number().int().optional(),
    })
    .nullable(),
  downloadUrl: z.string().nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The job that is checking it, or was the last to. */
  checkJobId: z.uuid().nullable(),
  lastVerified: CheckShape.nullable(),
  lastDrilled: CheckShape.nullable(),
  /** The moment whose state it holds. */
  snapshotAt: Moment.nullable(),
  createdAt: Moment,
  finishedAt: Moment.nullable(),
  deletedAt: Moment.nullable(),
  /** Until then a deleted backup can be taken back. */
  removedAfter: Moment.nullable(),
  /** When its owner took it back after it had been deleted; no policy removes it since. */
  keptByHandAt: Moment.nullable(),
});
export type Backup = z.output<typeof BackupShape>;

const flag = z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1");

export const ListBackupsQuery = z.object({
  ...pageQuery({ max: 200, standard: 50 }),
  /** Those that are deleted and can still be taken back, instead of the others. */
  deleted: flag.default(false),
});
export type ListBackups = z.output<typeof ListBackupsQuery>;

/** `dependents=true`: those that go on from it as well; without them it cannot be deleted. */
export const DeleteBackupQuery = z.object({ dependents: flag.default(false) });
