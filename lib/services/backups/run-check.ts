import { createHash } from "node:crypto";
import { endCheck, findBackup, type BackupRow } from "@/db/queries/backups";
import type { BackupCheck } from "@/db/schema";
import { advanceOpenJob } from "@/db/queries/jobs";
import { BackupProblem } from "@/lib/core/backups/errors";
import { fileKeyIdentity } from "@/lib/platform/age/decrypt";
import type { Identity } from "@/lib/platform/age/recipients";
import { checkKeyPlace } from "@/lib/services/backups/header";
import { isStored, openBackup, serverIdentities, type StoredBackup } from "@/lib/services/backups/open-file";
import { JobProgress, WorkCancelled, WorkOver } from "@/lib/services/jobs/job-progress";
import { unseal } from "@/lib/services/backups/sealing";
import { refuseIfEmptied } from "@/lib/services/backups/empty-store";
import { unsoundness } from "@/lib/services/backups/unsoundness";
import type { SystemContext } from "@/lib/services/context";
import { describeFault } from "@/lib/services/jobs/faults";

/**
 * Reads a backup from its first byte to its last, and notes what it found. May run twice. Faults that a retry may mend
 * are thrown: a store that is away says nothing about the backup.
 */
export async function runCheck(ctx: SystemContext, backupId: string, jobId: string): Promise<void> {
  const row = await findBackup(ctx.db.sql, backupId);
  if (row?.check_job_id !== jobId || !isStored(row)) return endJob(ctx, backupId, jobId, null);
  const progress = new JobProgress(ctx, jobId);
  try {
    await endJob(ctx, backupId, jobId, await findings(ctx, row, progress));
  } catch (error) {
    if (error instanceof WorkOver) return;
    if (!(error instanceof WorkCancelled)) {
      const fault = describeFault(error);
      if (fault.passing) throw error;
      ctx.log.error({ err: error, backupId }, "a backup could not be checked");
      return endJob(ctx, backupId, jobId, null, { code: fault.code, message: fault.reason });
    }
    await ctx.db.sql.begin(async (tx) => {
      await endCheck(tx, backupId, jobId, null, ctx.now());
      await advanceOpenJob(tx, jobId, { event: "cancelled", state: "cancelled" });
    });
  }
}

/** Ends a check that could not be carried out, also when it was tried again; `why` in words, where that is known. */
export async function failCheck(
  ctx: SystemContext,
  backupId: string,
  jobId: string,
  why?: string,
): Promise<void> {
  const message = `${why ? `${why} ` : ""}The backup could not be read, also when it was tried again. That says nothing about the backup itself.`;
  await endJob(ctx, backupId, jobId, null, { code: "gave-up", message });
}

/** What a backup is like now. @throws whatever says nothing about the backup itself */
async function findings(ctx: SystemContext, row: StoredBackup, progress: JobProgress): Promise<BackupCheck> {
  const identities = await identitiesOf(ctx, row);
  const depth = identities.length > 0 ? "content" : "stored-bytes";
  try {
    await progress.tell({ phase: { name: "verifying", total: row.size_bytes }, range: [0, 100] });
    const hash = createHash("sha256");
    const watch = (bytes: AsyncIterable<Uint8Array>) => watched(bytes, hash, row.size_bytes, progress);
    if (depth === "content") {
      const parent = row.parent_id ? await findBackup(ctx.db.sql, row.parent_id) : undefined;
      for await (const piece of openBackup(ctx, row, parent, identities, watch)) void piece;
    } else {
      for await (const bytes of watch(ctx.storage.read(row.storage_key))) void bytes;
    }
    if (hash.digest("hex") === row.sha256) return { outcome: "sound", depth };
    throw new BackupProblem(
      "damaged",
      "The stored file is not the one that was written when the backup was made.",
    );
  } catch (error) {
    await refuseIfEmptied(ctx, error);
    return unsoundness(error, depth);
  }
}

async function identitiesOf(ctx: SystemContext, row: BackupRow): Promise<Identity[]> {
  if (!row.check_sealed_file_key) return serverIdentities(ctx, row);
  return [fileKeyIdentity(unseal(row.check_sealed_file_key, checkKeyPlace(row.id)))];
}

async function* watched(
  bytes: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
  total: number,
  progress: JobProgress,
): AsyncGenerator<Uint8Array> {
  let processed = 0;
  for await (const piece of bytes) {
    hash.update(piece);
    processed += piece.length;
    await progress.tellNowAndThen({ phase: { name: "verifying", total }, processed, range: [0, 100] });
    yield piece;
  }
}

async function endJob(
  ctx: SystemContext,
  backupId: string,
  jobId: string,
  result: BackupCheck | null,
  otherwise = { code: "gone", message: "There is no file of this backup to verify any more." },
): Promise<void> {
  const sound = result?.outcome === "sound";
  const failure = {
    code: result?.code ?? otherwise.code,
    message: result?.message ?? otherwise.message,
  };
  await ctx.db.sql.begin(async (tx) => {
    await endCheck(tx, backupId, jobId, result, ctx.now());
    await advanceOpenJob(
      tx,
      jobId,
      sound
        ? { event: "completed", state: "completed" }
        : { event: "failed", state: "failed", recentErrors: [failure] },
    );
  });
}
