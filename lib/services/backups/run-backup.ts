import { withBackupSnapshot } from "@/db/bulk/backup-snapshot";
import { forgetDeletions, trackDeletions } from "@/db/queries/backup-tracking";
import {
  beginBackup,
  completeBackup,
  endBackup,
  findBackup,
  planBackup,
  type BackupFailure,
  type BackupRow,
  type FinishedBackup,
} from "@/db/queries/backups";
import { advanceJob } from "@/db/queries/jobs";
import { newId } from "@/lib/platform/ids";
import { clearAttempts } from "@/lib/services/backups/clear-attempts";
import { headerOf } from "@/lib/services/backups/header";
import { chooseParent } from "@/lib/services/backups/plan-backup";
import { reserveBackupRoom } from "@/lib/services/backups/room";
import { tellMade, tellNotMade } from "@/lib/services/backups/tell-ended";
import { JobProgress, WorkCancelled, WorkOver } from "@/lib/services/jobs/job-progress";
import { writeFile, type FileOrder } from "@/lib/services/backups/write-file";
import type { SystemContext } from "@/lib/services/context";
import { describeFault } from "@/lib/services/jobs/faults";
import { noteAttempt } from "@/lib/services/jobs/note-retry";
import { requestMail } from "@/lib/services/notifications/tell";

/** Each attempt writes an object of its own: one that hung for long must not replace what another has finished. */
function newStorageKey(row: Pick<BackupRow, "id">): string {
  return `backups/${row.id}/${newId()}`;
}

/**
 * Makes the file of a backup, at flat memory and from one snapshot, and stores it. May run twice. A cause that no retry
 * mends ends the backup as failed; any other is thrown.
 * @param attempt 0 for the first
 */
export async function runBackup(ctx: SystemContext, backupId: string, attempt = 0): Promise<void> {
  const row = await findBackup(ctx.db.sql, backupId);
  if (!row || !(await beginBackup(ctx.db.sql, backupId))) return;
  const progress = new JobProgress(ctx, row.job_id);
  try {
    if (attempt > 0) await noteAttempt(ctx, row.job_id, attempt);
    await progress.tell({ phase: { name: "preparing", total: null }, range: [0, 3] });
    const room = await reserveBackupRoom(ctx, row.owner_id, row.reason);
    await trackDeletions(ctx.db.sql, row.owner_id);
    const storageKey = newStorageKey(row);
    const done = await make(ctx, row, { storageKey, room }, progress);
    if (done) await complete(ctx, row, storageKey, done);
  } catch (error) {
    if (error instanceof WorkOver) return;
    if (error instanceof WorkCancelled) return end(ctx, row, "cancelled", null);
    const fault = describeFault(error);
    if (fault.passing) throw error;
    ctx.log.error({ err: error, backupId }, "a backup failed");
    await end(ctx, row, "failed", { code: fault.code, message: fault.reason });
  }
}

/** Ends a backup that could not be made, also when it was tried again; `why` in words, where that is known. */
export async function failBackup(ctx: SystemContext, backupId: string, why?: string): Promise<void> {
  const row = await findBackup(ctx.db.sql, backupId);
  const message = `${why ? `${why} ` : ""}The backup could not be made, also when it was tried again. Your data and your earlier backups are as they were.`;
  if (row) await end(ctx, row, "failed", { code: "gave-up", message });
}

/** Undefined when the backup has ended meanwhile. */
async function make(
  ctx: SystemContext,
  row: BackupRow,
  { storageKey, room }: Pick<FileOrder, "storageKey" | "room">,
  progress: JobProgress,
): Promise<FinishedBackup | undefined> {
  const { keyId, ...key } = await headerOf(ctx, row);
  return withBackupSnapshot(ctx.db, async (snapshot) => {
    const parent = await chooseParent(ctx, row, snapshot);
    const planned = await planBackup(ctx.db.sql, row.id, {
      kind: parent ? "incremental" : "full",
      parent_id: parent?.id ?? null,
      chain_id: parent?.chain_id ?? row.id,
      position: parent ? parent.position + 1 : 0,
      key_id: keyId,
      storage_key: storageKey,
    });
    if (!planned) return undefined;
    const order = {
      backupId: row.id,
      ownerId: row.owner_id,
      parent: parent
        ? { backupId: parent.id, manifestSha256: parent.manifest_sha256, snapshot: parent.snapshot }
        : null,
      storageKey,
      key,
      room,
    };
    const file = await writeFile(ctx, snapshot, order, (processed, total) =>
      progress.tellNowAndThen({ phase: { name: "writing", total }, processed, range: [3, 98] }),
    );
    await progress.tell({ phase: { name: "storing", total: null }, range: [98, 100] });
    return file;
  });
}

async function complete(
  ctx: SystemContext,
  row: BackupRow,
  storageKey: string,
  done: FinishedBackup,
): Promise<void> {
  const completed = await ctx.db.sql.begin(async (tx) => {
    if (!(await completeBackup(tx, { id: row.id, storageKey }, done))) return undefined;
    await forgetDeletions(tx, row.owner_id, done.snapshot);
    const { records } = done.counts;
    const counts = { processed: records, succeeded: records };
    await advanceJob(tx, row.job_id, { event: "completed", state: "completed", ...counts });
    return { told: await tellMade(ctx, tx, row, done) };
  });
  if (completed) return requestMail(ctx, completed.told);
  await ctx.storage.delete(storageKey);
  const now = await findBackup(ctx.db.sql, row.id);
  // What it went on from was deleted meanwhile, or another attempt is under way: the next one begins anew.
  if (now?.state === "processing") throw new Error("the backup cannot be completed as it was planned");
}

async function end(
  ctx: SystemContext,
  row: BackupRow,
  state: "failed" | "cancelled",
  failure: BackupFailure | null,
): Promise<void> {
  const ended = await ctx.db.sql.begin(async (tx) => {
    if (!(await endBackup(tx, row.id, state, failure))) return false;
    await advanceJob(tx, row.job_id, { event: state, state, recentErrors: failure ? [failure] : undefined });
    if (failure) await tellNotMade(ctx, tx, row, failure);
    return true;
  });
  // Attempts that were killed between storing the file and saying so have left one. Where this fails, or an attempt is
  // still writing, the hourly clean-up comes after it.
  if (ended) await clearAttempts(ctx, row.id);
}
