import type { AnySql } from "@/db/client";
import type { BackupFailure } from "@/db/queries/backups";
import type { BackupCheck } from "@/db/schema";

/** The newest scheduled backup of a user, where it failed and none has succeeded since. */
export interface FailedRun {
  ownerId: string;
  backupId: string;
  failedAt: Date;
  failure: BackupFailure | null;
  nextRunAt: Date | null;
  timeZone: string;
}

/** A run that should have succeeded by now. */
export interface OverdueRun {
  ownerId: string;
  dueAt: Date;
  lastSuccessAt: Date | null;
  timeZone: string;
}

/** A backup that a check or a drill has found to be worthless. */
export interface UnsoundBackup {
  ownerId: string;
  backupId: string;
  madeAt: Date;
  found: BackupCheck;
  /** Backups that go on from it, directly. */
  dependents: number;
  timeZone: string;
}

/** A backup that is dated later than now. */
export interface MisdatedBackup {
  ownerId: string;
  madeAt: Date;
  timeZone: string;
}

/** Moments that lie in the future are a wrong clock's, and say nothing. */
export async function findFailedRuns(sql: AnySql, now: Date): Promise<FailedRun[]> {
  return sql<FailedRun[]>`
    select p.owner_id as "ownerId", f.id as "backupId", f.finished_at as "failedAt", f.failure,
      p.next_run_at as "nextRunAt", p.schedule ->> 'timeZone' as "timeZone"
    from backup_policies p cross join lateral (
      select id, state, finished_at, failure from backups b
      where b.owner_id = p.owner_id and b.reason = 'schedule' and b.finished_at <= ${now}
        and b.state in ('completed', 'failed') and b.deleted_at is null
      order by b.finished_at desc limit 1
    ) f
    where p.schedule is not null and f.state = 'failed' and not exists (
      select from backups s where s.owner_id = p.owner_id and s.state = 'completed'
        and s.finished_at > f.finished_at and s.finished_at <= ${now})`;
}

/** As the policy page says it (`isOverdue`), except that a backup which is just being made is waited for. */
export async function findOverdueRuns(sql: AnySql, now: Date, graceMs: number): Promise<OverdueRun[]> {
  const late = new Date(now.getTime() - graceMs);
  return sql<OverdueRun[]>`
    select p.owner_id as "ownerId", s.at as "lastSuccessAt",
      case when p.last_run_at < ${late} and (s.at is null or s.at < p.last_run_at)
        then p.last_run_at else p.next_run_at end as "dueAt",
      p.schedule ->> 'timeZone' as "timeZone"
    from backup_policies p left join lateral (
      select max(finished_at) as at from backups
      where owner_id = p.owner_id and state = 'completed' and finished_at <= ${now}
    ) s on true
    where p.schedule is not null and not p.paused
      and ((p.last_run_at < ${late} and (s.at is null or s.at < p.last_run_at))
        or (p.next_run_at < ${late} and (s.at is null or s.at < p.next_run_at)))
      and not exists (select from backups b where b.owner_id = p.owner_id and b.state = 'processing')`;
}

export async function findUnsoundBackups(sql: AnySql): Promise<UnsoundBackup[]> {
  return sql<UnsoundBackup[]>`
    select b.owner_id as "ownerId", b.id as "backupId", coalesce(b.snapshot_at, b.created_at) as "madeAt",
      case when b.check_result ->> 'outcome' = 'unsound' then b.check_result else b.drill_result end as found,
      (select count(*) from backups c where c.parent_id = b.id and c.deleted_at is null)::int as dependents,
      coalesce(p.schedule ->> 'timeZone', 'UTC') as "timeZone"
    from backups b left join backup_policies p on p.owner_id = b.owner_id
    where b.state = 'completed' and b.deleted_at is null
      and (b.check_result ->> 'outcome' = 'unsound' or b.drill_result ->> 'outcome' = 'unsound')`;
}

/** Of each user whose backups a policy removes, the one that is dated farthest in the future. */
export async function findMisdatedBackups(sql: AnySql, after: Date): Promise<MisdatedBackup[]> {
  return sql<MisdatedBackup[]>`
    select p.owner_id as "ownerId", m.at as "madeAt", coalesce(p.schedule ->> 'timeZone', 'UTC') as "timeZone"
    from backup_policies p cross join lateral (
      select max(coalesce(snapshot_at, created_at)) as at from backups
      where owner_id = p.owner_id and state = 'completed' and deleted_at is null
    ) m
    where m.at > ${after}`;
}

/** How backups stand that notices tell of; one that is not among them is gone. */
export async function findBackupStates(
  sql: AnySql,
  ids: readonly string[],
): Promise<{ id: string; isDeleted: boolean }[]> {
  if (ids.length === 0) return [];
  return sql<{ id: string; isDeleted: boolean }[]>`
    select id, deleted_at is not null or state <> 'completed' as "isDeleted" from backups where id in ${sql([...ids])}`;
}

/** When a backup of a user first succeeded after a moment; null when none has, or its user has no schedule. */
export async function firstSuccessAfter(
  sql: AnySql,
  ownerId: string,
  { after, now }: { after: Date; now: Date },
): Promise<{ id: string; at: Date; timeZone: string } | undefined> {
  const [row] = await sql<{ id: string; at: Date; timeZone: string }[]>`
    select b.id, b.finished_at as at, p.schedule ->> 'timeZone' as "timeZone"
    from backups b join backup_policies p on p.owner_id = b.owner_id and p.schedule is not null
    where b.owner_id = ${ownerId} and b.state = 'completed' and b.finished_at > ${after} and b.finished_at <= ${now}
    order by b.finished_at limit 1`;
  return row;
}
