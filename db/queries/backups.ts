import type { AnySql, SqlTransaction } from "@/db/client";
import type { BackupEncryption, BackupState } from "@/db/schema";
import type { BackupCheck, StoredBackupCounts } from "@/db/schema/backups";

export interface BackupFailure {
  code: string;
  message: string;
}

/** The row of `backups` as the raw client delivers it. */
export interface BackupRow {
  id: string;
  owner_id: string;
  job_id: string;
  kind: "full" | "incremental";
  reason: "manual" | "schedule" | "safety";
  state: BackupState;
  encryption: BackupEncryption;
  key_id: string | null;
  prepared_header: Buffer | null;
  sealed_file_key: Buffer | null;
  full_every: number;
  parent_id: string | null;
  chain_id: string;
  position: number;
  snapshot: string | null;
  database_system: string | null;
  snapshot_at: Date | null;
  storage_key: string | null;
  attempt_keys: string[];
  size_bytes: number | null;
  sha256: string | null;
  manifest_sha256: string | null;
  counts: StoredBackupCounts | null;
  failure: BackupFailure | null;
  check_job_id: string | null;
  check_sealed_file_key: Buffer | null;
  check_result: BackupCheck | null;
  checked_at: Date | null;
  drill_result: BackupCheck | null;
  drilled_at: Date | null;
  created_at: Date;
  finished_at: Date | null;
  deleted_at: Date | null;
  remove_at: Date | null;
  kept_by_hand_at: Date | null;
  scheduled_for: Date | null;
}

export type NewBackup = Pick<
  BackupRow,
  | "id"
  | "owner_id"
  | "job_id"
  | "kind"
  | "reason"
  | "encryption"
  | "prepared_header"
  | "sealed_file_key"
  | "full_every"
  | "parent_id"
  | "chain_id"
  | "scheduled_for"
>;

export async function insertBackup(sql: AnySql, row: NewBackup): Promise<void> {
  await sql`
    insert into backups (id, owner_id, job_id, kind, reason, encryption, prepared_header, sealed_file_key, full_every,
      parent_id, chain_id, scheduled_for)
    values (${row.id}, ${row.owner_id}, ${row.job_id}, ${row.kind}, ${row.reason}, ${sql.json(row.encryption)},
      ${row.prepared_header}, ${row.sealed_file_key}, ${row.full_every}, ${row.parent_id}, ${row.chain_id}, ${row.scheduled_for})`;
}

/** `ownerId` undefined = the function that carries it out. */
export async function findBackup(sql: AnySql, id: string, ownerId?: string): Promise<BackupRow | undefined> {
  const owned = ownerId === undefined ? sql`` : sql`and owner_id = ${ownerId}`;
  const [row] = await sql<BackupRow[]>`select * from backups where id = ${id} ${owned}`;
  return row;
}

/** Waits for whoever is changing it. */
export async function lockBackup(
  tx: SqlTransaction,
  id: string,
  ownerId: string,
): Promise<BackupRow | undefined> {
  const [row] = await tx<BackupRow[]>`
    select * from backups where id = ${id} and owner_id = ${ownerId} for update`;
  return row;
}

/** A user's backups, newest first; one more than `limit`, to tell whether there are others. */
export async function listBackups(
  sql: AnySql,
  ownerId: string,
  page: { limit: number; cursor?: string; deleted: boolean },
): Promise<BackupRow[]> {
  const older = page.cursor ? sql`and id < ${page.cursor}` : sql``;
  const kept = page.deleted ? sql`and deleted_at is not null` : sql`and deleted_at is null`;
  return sql<BackupRow[]>`
    select * from backups where owner_id = ${ownerId} ${older} ${kept} order by id desc limit ${page.limit + 1}`;
}

/**
 * The backup whose state is the newest: by what its transaction saw, not by a clock, which may have been set back.
 */
export async function findNewestBackup(sql: AnySql, ownerId: string): Promise<BackupRow | undefined> {
  const [row] = await sql<BackupRow[]>`
    select * from backups where owner_id = ${ownerId} and state = 'completed' and deleted_at is null
    order by pg_snapshot_xmax(snapshot) desc, pg_snapshot_xmin(snapshot) desc, id desc limit 1`;
  return row;
}

/** A backup and all that it goes on from, oldest first. */
export async function findChain(sql: AnySql, id: string): Promise<BackupRow[]> {
  return sql<BackupRow[]>`
    with recursive chain as (
      select * from backups where id = ${id}
      union all select b.* from backups b join chain c on b.id = c.parent_id
    )
    select * from chain order by position`;
}

/** False when it has ended already, was cancelled above all. */
export async function beginBackup(sql: AnySql, id: string): Promise<boolean> {
  const changed = await sql`
    update backups set state = 'processing' where id = ${id} and state in ('pending', 'processing')`;
  return changed.count > 0;
}

/** False when it has ended already: an attempt that hung for long finds what another one has made. */
export async function planBackup(
  sql: AnySql,
  id: string,
  plan: Pick<BackupRow, "kind" | "parent_id" | "chain_id" | "position" | "key_id"> & { storage_key: string },
): Promise<boolean> {
  const changed = await sql`
    update backups set kind = ${plan.kind}, parent_id = ${plan.parent_id}, chain_id = ${plan.chain_id},
      position = ${plan.position}, key_id = ${plan.key_id}, storage_key = ${plan.storage_key},
      attempt_keys = array_append(attempt_keys, ${plan.storage_key})
    where id = ${id} and state = 'processing'`;
  return changed.count > 0;
}

export interface FinishedBackup {
  snapshot: string;
  databaseSystem: string;
  snapshotAt: Date;
  sizeBytes: number;
  sha256: string;
  manifestSha256: string;
  counts: StoredBackupCounts;
}

/**
 * False when it has ended already, when another attempt is at work by now, or when the backup that it goes on from was
 * deleted meanwhile.
 */
export async function completeBackup(
  tx: SqlTransaction,
  { id, storageKey }: { id: string; storageKey: string },
  done: FinishedBackup,
): Promise<boolean> {
  const [gone] = await tx<{ gone: boolean }[]>`
    select p.deleted_at is not null as gone from backups b join backups p on p.id = b.parent_id
    where b.id = ${id} for share of p`;
  if (gone?.gone) return false;
  const changed = await tx`
    update backups set state = 'completed', snapshot = ${done.snapshot}::pg_snapshot,
      database_system = ${done.databaseSystem}, snapshot_at = ${done.snapshotAt}, size_bytes = ${done.sizeBytes},
      sha256 = ${done.sha256}, manifest_sha256 = ${done.manifestSha256}, counts = ${tx.json({ ...done.counts })},
      sealed_file_key = null, prepared_header = null, finished_at = clock_timestamp(),
      attempt_keys = array_remove(attempt_keys, ${storageKey})
    where id = ${id} and state = 'processing' and storage_key = ${storageKey}`;
  return changed.count > 0;
}

/** Ends a backup that has not ended; false when it has. */
export async function endBackup(
  sql: AnySql,
  id: string,
  state: "failed" | "cancelled",
  failure: BackupFailure | null,
): Promise<boolean> {
  const changed = await sql`
    update backups set state = ${state}, finished_at = clock_timestamp(), sealed_file_key = null, prepared_header = null,
      parent_id = null, chain_id = id, position = 0, storage_key = null, failure = ${failure ? sql.json({ ...failure }) : null}
    where id = ${id} and state in ('pending', 'processing')`;
  return changed.count > 0;
}

/** Cancels a backup that nobody has begun. */
export async function cancelPendingBackup(sql: AnySql, id: string): Promise<boolean> {
  const changed = await sql`
    update backups set state = 'cancelled', finished_at = clock_timestamp(), sealed_file_key = null,
      prepared_header = null, parent_id = null, chain_id = id
    where id = ${id} and state = 'pending'`;
  return changed.count > 0;
}

/** The check that is asked for last is the one whose outcome counts. */
export async function requestCheck(
  sql: AnySql,
  id: string,
  check: { jobId: string; sealedFileKey: Buffer | null },
): Promise<void> {
  await sql`
    update backups set check_job_id = ${check.jobId}, check_sealed_file_key = ${check.sealedFileKey} where id = ${id}`;
}

/** Forgets the key that was given for this check. `result` null = it ended without one. */
export async function endCheck(
  sql: AnySql,
  id: string,
  jobId: string,
  result: BackupCheck | null,
  at: Date,
): Promise<void> {
  const found = result ? sql`, check_result = ${sql.json({ ...result })}, checked_at = ${at}` : sql``;
  await sql`
    update backups set check_sealed_file_key = null ${found} where id = ${id} and check_job_id = ${jobId}`;
}

/** The backups that go on from one, directly or through others, nearest first; those that failed are not among them. */
export async function findDependents(
  sql: AnySql,
  id: string,
): Promise<Pick<BackupRow, "id" | "state" | "deleted_at">[]> {
  return sql<Pick<BackupRow, "id" | "state" | "deleted_at">[]>`
    with recursive dependents as (
      select id, state, deleted_at, position from backups where parent_id = ${id}
      union all
      select b.id, b.state, b.deleted_at, b.position from backups b join dependents d on b.parent_id = d.id
    )
    select id, state, deleted_at from dependents order by position`;
}

/**
 * Of each user the newest backup that the server can open, unless it was drilled since; longest overdue first. A drill
 * that is dated later than `now` was dated by a wrong clock.
 */
export async function findDueDrills(
  sql: AnySql,
  { before, now }: { before: Date; now: Date },
  limit: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from (
      select distinct on (owner_id) id, drilled_at from backups
      where state = 'completed' and deleted_at is null and encryption ->> 'mode' = 'server'
      order by owner_id, id desc
    ) newest
    where drilled_at is null or drilled_at < ${before} or drilled_at > ${now}
    order by drilled_at nulls first, id limit ${limit}`;
  return rows.map(({ id }) => id);
}

export async function noteDrill(sql: AnySql, id: string, result: BackupCheck, at: Date): Promise<void> {
  await sql`update backups set drill_result = ${sql.json({ ...result })}, drilled_at = ${at} where id = ${id}`;
}
