import { endBackup, findNewestBackup, insertBackup, type BackupRow } from "@/db/queries/backups";
import { advanceJob, createJob } from "@/db/queries/jobs";
import type { Backup, CreateBackup } from "@/lib/contracts/backups";
import { ConflictError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { backupRequested } from "@/lib/services/backups/events";
import { getBackup } from "@/lib/services/backups/get-backup";
import { checkRecipients, prepareForPassphrase } from "@/lib/services/backups/header";
import { isStored, opensWith } from "@/lib/services/backups/open-file";
import { reserveBackupRoom } from "@/lib/services/backups/room";
import type { ServiceContext } from "@/lib/services/context";

/** Members of a chain where nobody says otherwise: a restore reads at most this many files. */
const FULL_EVERY = 7;

export interface BackupOptions {
  reason?: BackupRow["reason"];
  /** A chain has at most this many members, the full one included. */
  fullEvery?: number;
  /** The run of the schedule that it is made for: no second backup is made for it. */
  scheduledFor?: Date;
}

/**
 * Asks for a backup; a durable function makes it. Which backup an incremental one goes on from, and whether it can, is
 * decided when it begins.
 */
export async function createBackup(
  ctx: ServiceContext,
  input: CreateBackup,
  { reason = "manual", fullEvery = FULL_EVERY, scheduledFor }: BackupOptions = {},
): Promise<Backup> {
  await checkRecipients(input.encryption);
  // A scheduled one that finds no room is made all the same, and fails: that is how its user is told.
  if (reason !== "schedule") await reserveBackupRoom(ctx, ctx.ownerId, reason);
  const parentId = input.type === "incremental" ? await parentOfPassphrase(ctx, input.encryption) : null;
  const id = newId();
  const jobId = newId();
  const { encryption } = input;
  const prepared =
    encryption.mode === "passphrase" ? await prepareForPassphrase(id, encryption.passphrase) : undefined;
  await ctx.db.sql.begin(async (tx) => {
    const title = titleOf(reason);
    await createJob(tx, { id: jobId, ownerId: ctx.ownerId, kind: "backup", subjectId: id, title });
    await insertBackup(tx, {
      id,
      owner_id: ctx.ownerId,
      job_id: jobId,
      kind: input.type,
      reason,
      encryption: encryption.mode === "passphrase" ? { mode: "passphrase" } : encryption,
      prepared_header: prepared?.header ?? null,
      sealed_file_key: prepared?.sealedFileKey ?? null,
      full_every: fullEvery,
      parent_id: parentId,
      chain_id: id,
      scheduled_for: scheduledFor ?? null,
    });
  });
  await requestBackup(ctx, id, jobId);
  return getBackup(ctx, id);
}

/** Not whether it is full or incremental: that is only decided when it begins. */
function titleOf(reason: BackupRow["reason"]): string {
  if (reason === "schedule") return "Scheduled backup";
  return reason === "safety" ? "Safety backup before a restore" : "Backup";
}

/**
 * The backup with the same passphrase, the only one that this one may go on from: a chain with two could be restored
 * only by somebody who remembers both. Null for other modes, whose keys tell it later.
 */
async function parentOfPassphrase(
  ctx: ServiceContext,
  encryption: CreateBackup["encryption"],
): Promise<string | null> {
  if (encryption.mode !== "passphrase") return null;
  const newest = await findNewestBackup(ctx.db.sql, ctx.ownerId);
  if (newest?.encryption.mode !== "passphrase" || !isStored(newest)) return null;
  if (await opensWith(ctx, newest, encryption.passphrase)) return newest.id;
  throw new ConflictError(
    "passphrase-differs",
    "The backup that this one would go on from has another passphrase. Use that one, or make a full backup.",
  );
}

async function requestBackup(ctx: ServiceContext, backupId: string, jobId: string): Promise<void> {
  try {
    await ctx.sendEvents([backupRequested({ backupId, jobId, ownerId: ctx.ownerId })]);
  } catch (error) {
    // Nobody will ever work on it: it must not look as if somebody did.
    await ctx.db.sql.begin(async (tx) => {
      await endBackup(tx, backupId, "failed", {
        code: "not-started",
        message: "The backup could not be started.",
      });
      await advanceJob(tx, jobId, { event: "failed", state: "failed" });
    });
    throw error;
  }
}
