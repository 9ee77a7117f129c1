import type { AnySql } from "@/db/client";
import type { BackupEncryption, BackupState } from "@/db/schema";
import type { StoredRetention, StoredSchedule } from "@/db/schema/backup-policies";

export interface BackupPolicyRow {
  owner_id: string;
  schedule: StoredSchedule | null;
  paused: boolean;
  retention: StoredRetention;
  full_every: number;
  encryption: Exclude<BackupEncryption, { mode: "passphrase" }>;
  next_run_at: Date | null;
  last_run_at: Date | null;
}

export async function findBackupPolicy(sql: AnySql, ownerId: string): Promise<BackupPolicyRow | undefined> {
  const [row] = await sql<BackupPolicyRow[]>`select * from backup_policies where owner_id = ${ownerId}`;
  return row;
}

/** What was due before a pause, or would have been in it, is not late when it ends: the last run is forgotten then. */
export async function saveBackupPolicy(
  sql: AnySql,
  row: Omit<BackupPolicyRow, "last_run_at">,
): Promise<void> {
  await sql`
    insert into backup_policies (owner_id, schedule, paused, retention, full_every, encryption, next_run_at)
    values (${row.owner_id}, ${row.schedule && sql.json(row.schedule as never)}, ${row.paused},
            ${sql.json(row.retention as never)}, ${row.full_every}, ${sql.json(row.encryption)}, ${row.next_run_at})
    on conflict (owner_id) do update set schedule = excluded.schedule, paused = excluded.paused,
      last_run_at = case when excluded.paused or not backup_policies.paused then backup_policies.last_run_at end,
      retention = excluded.retention, full_every = excluded.full_every, encryption = excluded.encryption, next_run_at = excluded.next_run_at,
      updated_at = now()`;
}

/**
 * Policies whose run is due; and those whose next run is farther away than any schedule has it, as it was reckoned by
 * a clock that went ahead.
 */
export async function findDuePolicies(sql: AnySql, now: Date, limit: number): Promise<BackupPolicyRow[]> {
  return sql<BackupPolicyRow[]>`
    select * from backup_policies
    where schedule is not null and not paused
      and (next_run_at <= ${now} or next_run_at > ${now}::timestamptz +
        case schedule ->> 'frequency' when 'hourly' then interval '3 hours' when 'daily' then interval '3 days'
          when 'weekly' then interval '9 days' else interval '33 days' end)
    order by next_run_at, owner_id limit ${limit}`;
}

/** Moves a run that was asked for on to the next; does nothing when the policy was changed meanwhile. */
export async function advancePolicy(
  sql: AnySql,
  row: Pick<BackupPolicyRow, "owner_id" | "next_run_at">,
  next: { nextRunAt: Date; ranAt: Date | null },
): Promise<void> {
  await sql`
    update backup_policies set next_run_at = ${next.nextRunAt}, last_run_at = coalesce(${next.ranAt}, last_run_at)
    where owner_id = ${row.owner_id} and next_run_at = ${row.next_run_at}`;
}

/** Owners with a policy, a page at a time in the order of their ids. */
export async function findPolicyOwners(sql: AnySql, after: string | null, limit: number): Promise<string[]> {
  const rows = await sql<{ owner_id: string }[]>`
    select owner_id from backup_policies where ${after}::uuid is null or owner_id > ${after}::uuid
    order by owner_id limit ${limit}`;
  return rows.map((row) => row.owner_id);
}

export interface RetainedBackup {
  id: string;
  kind: "full" | "incremental";
  state: BackupState;
  parentId: string | null;
  madeAt: Date;
  sizeBytes: number | null;
  /** Its owner took it back after it had been removed. */
  isKeptByHand: boolean;
  /** The first transaction that its snapshot did not see: which state is newer, whatever clocks said. */
  stateXid: number | null;
}

/** A user's backups that are made or being made, and not deleted. In a transaction they are locked. */
export async function findRetainedBackups(
  sql: AnySql,
  ownerId: string,
  lock = false,
): Promise<RetainedBackup[]> {
  return sql<RetainedBackup[]>`
    select id, kind, state, parent_id as "parentId", coalesce(snapshot_at, created_at) as "madeAt",
      size_bytes::float8 as "sizeBytes", kept_by_hand_at is not null as "isKeptByHand",
      pg_snapshot_xmax(snapshot)::text::float8 as "stateXid"
    from backups where owner_id = ${ownerId} and deleted_at is null and state in ('completed', 'pending', 'processing')
    order by id ${lock ? sql`for update` : sql``}`;
}

/**
 * Whether that run of the schedule, or a later one, has its backup. One that is still to come was asked for by a clock
 * that went ahead, and does for no other.
 */
export async function hasScheduledBackup(
  sql: AnySql,
  ownerId: string,
  runAt: Date,
  now: Date,
): Promise<boolean> {
  const rows = await sql`
    select 1 from backups
    where owner_id = ${ownerId} and scheduled_for >= ${runAt} and (scheduled_for = ${runAt} or scheduled_for <= ${now})
    limit 1`;
  return rows.length > 0;
}

/** When a backup of the user last succeeded, as far as that lies in the past. */
export async function lastBackupSuccess(sql: AnySql, ownerId: string, now: Date): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }[]>`
    select max(finished_at) as at from backups
    where owner_id = ${ownerId} and state = 'completed' and finished_at <= ${now}`;
  return row?.at ?? null;
}
