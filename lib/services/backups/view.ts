import type { BackupRow } from "@/db/queries/backups";
import type { Backup } from "@/lib/contracts/backups";

export function backupView(row: BackupRow): Backup {
  const check = <T extends object>(result: T | null, at: Date | null) =>
    result && at ? { ...result, at: at.toISOString() } : null;
  return {
    id: row.id,
    jobId: row.job_id,
    type: row.kind,
    state: row.state,
    reason: row.reason,
    encryption: row.encryption,
    parentId: row.parent_id,
    chainId: row.chain_id,
    chainPosition: row.position,
    fileName: backupFileName(row),
    size: row.size_bytes,
    sha256: row.sha256,
    counts: row.counts,
    downloadUrl: row.state === "completed" ? `/api/v1/backups/${row.id}/download` : null,
    failure: row.failure,
    checkJobId: row.check_job_id,
    lastVerified: check(row.check_result, row.checked_at),
    lastDrilled: check(row.drill_result, row.drilled_at),
    snapshotAt: row.snapshot_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    deletedAt: row.deleted_at?.toISOString() ?? null,
    removedAfter: row.remove_at?.toISOString() ?? null,
    keptByHandAt: row.kept_by_hand_at?.toISOString() ?? null,
  };
}

/** Says how it is opened: `age -d FILE | tar xz`. */
export function backupFileName(row: BackupRow): string {
  const moment = (row.snapshot_at ?? row.created_at).toISOString().slice(0, 19).replace(/[:T]/g, "-");
  return `ferry-backup-${moment}-${row.kind}.tar.gz.age`;
}
