import { hkdfSync } from "node:crypto";
import path from "node:path";
import { z } from "zod";

const flag = z
  .enum(["0", "1", "true", "false", ""])
  .default("0")
  .transform((v) => v === "1" || v === "true");

const EnvSchema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  DATABASE_URL: z.string().min(1),
  FERRY_DATA_DIR: z.string().default(".ferry"),
  STORAGE_URL: z.string().optional(),
  /** Without these the object store's credentials are looked for where Amazon's tools do. */
  S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
  S3_SESSION_TOKEN: z.string().min(1).optional(),
  APP_URL: z.url().default("http://localhost:3000"),
  /** Root of every derived key. scripts/start.mjs generates it once into the data directory when it is not set. */
  APP_SECRET: z.string().min(32, "APP_SECRET must be at least 32 characters"),
  /** Set by the start script when the database and the engine are the embedded ones: allows the demo account. */
  FERRY_EMBEDDED: flag,
  INNGEST_BASE_URL: z.string().optional(),
  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  INNGEST_DEV: z.string().optional(),
  /** smtp://USER:PASSWORD@HOST:PORT or smtps://…; without it nothing is mailed. Read by lib/mail. */
  SMTP_URL: z
    .string()
    .regex(/^(smtps?:\/\/[^\s/]+\/?)?$/, "must be smtp://USER:PASSWORD@HOST:PORT or smtps://…")
    .optional(),
  /** An address, or "Name <address>"; without it ferry@ the host of APP_URL. */
  MAIL_FROM: z.string().optional(),
  /**
   * What one user's backups may take up, those included that wait for their removal, and their safety backups as much
   * again; 0 = as much as there is.
   */
  BACKUP_BYTES_PER_USER_MAX: z.coerce.number().int().nonnegative().default(0),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  UPLOAD_BYTES_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(2 * 1024 ** 3),
  IMPORT_COLUMNS_MAX: z.coerce.number().int().positive().default(2_000),
  IMPORT_CELL_CHARS_MAX: z.coerce.number().int().positive().default(10_000_000),
  IMPORT_ROWS_MAX: z.coerce.number().int().positive().default(20_000_000),
  /** Days that staged rows and journals are kept after an import has finished; then it can no longer be undone. */
  UNDO_DAYS: z.coerce.number().int().positive().default(30),
  /** Event streams one user may have open at once: of one job, and of everything. Counted by each instance. */
  JOB_STREAMS_MAX: z.coerce.number().int().positive().default(3),
  USER_STREAMS_MAX: z.coerce.number().int().positive().default(10),
  /** Days that finished jobs and finished exports are kept. */
  JOB_DAYS: z.coerce.number().int().positive().default(30),
  EXPORT_DAYS: z.coerce.number().int().positive().default(7),
  SIGN_IN_ATTEMPTS_MAX: z.coerce.number().int().positive().default(10),
  /** Concurrent steps of one worker. */
  WORKER_SLOTS: z.coerce.number().int().positive().default(4),
  STEP_MINUTES_MAX: z.coerce.number().positive().default(15),
});

export type Env = z.infer<typeof EnvSchema> & { dataDir: string; storageUrl: string };

let cached: Env | undefined;

/** The settings of this process, checked once. Throws with the name of every setting that is missing or wrong. */
export function env(): Env {
  if (cached) return cached;
  const parsed = EnvSchema.safeParse(process.env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; ");
    throw new Error(`Settings are not usable: ${problems}`);
  }
  const dataDir = path.resolve(parsed.data.FERRY_DATA_DIR);
  const storageUrl = parsed.data.STORAGE_URL ?? `file:${path.join(dataDir, "storage")}`;
  cached = { ...parsed.data, dataDir, storageUrl };
  return cached;
}

export type KeyPurpose =
  | "session"
  | "access-token"
  | "upload-url"
  | "storage"
  | "pseudonym"
  | "export-url"
  | "mail-opt-out"
  | "backup-keys"
  | "idempotency";

/** A 32-byte key for one purpose, derived from APP_SECRET by HKDF-SHA-256 (RFC 5869). */
export function derivedKey(purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync("sha256", env().APP_SECRET, "ferry", `ferry/${purpose}/v1`, 32));
}
