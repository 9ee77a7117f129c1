import type { AnySql } from "@/db/client";

/** Work whose event may never have been sent: its state says that somebody asked for it, and nobody has begun. */
export interface UnsentEvents {
  imports: { id: string; sizeBytes: number }[];
  undos: { importId: string; jobId: string; kind: "undo" | "redo" }[];
  decisions: { importId: string; cancelled: boolean }[];
  resumedJobs: string[];
  exports: string[];
  backups: { backupId: string; jobId: string; ownerId: string }[];
  checks: { backupId: string; jobId: string; ownerId: string }[];
  restores: { restoreId: string; ownerId: string }[];
  restoreDecisions: { restoreId: string; cancelled: boolean }[];
  restoreUndos: { restoreId: string; jobId: string; kind: "undo" | "redo" }[];
}

export async function findUnsentEvents(sql: AnySql): Promise<UnsentEvents> {
  const [imports, undos, decisions, resumed, exports, backups, checks, restores] = await Promise.all([
    sql<UnsentEvents["imports"]>`
      select i.id, coalesce(u.size_bytes, 0)::int8 as "sizeBytes"
      from imports i join jobs j on j.id = i.job_id left join uploads u on u.id = i.upload_id
      where i.state = 'pending'`,
    sql<UnsentEvents["undos"]>`
      select i.id as "importId", i.undo ->> 'jobId' as "jobId",
        case i.state when 'undoing' then 'undo' else 'redo' end as kind
      from imports i where i.state in ('undoing', 'redoing') and i.restore_id is null`,
    // Deciding ends the review, and whatever hears of it begins the next phase.
    sql<UnsentEvents["decisions"]>`
      select i.id as "importId", j.cancel_requested_at is not null as cancelled
      from imports i join jobs j on j.id = i.job_id where i.state = 'staging' and j.phase = 'review'`,
    sql<{ id: string }[]>`
      select id from jobs where state = 'paused' and finished_at is null and pause_requested_at is null`,
    sql<{ id: string }[]>`
      select e.id from exports e join jobs j on j.id = e.job_id
      where e.state = 'pending' and j.state = 'pending' and j.finished_at is null`,
    sql<UnsentEvents["backups"]>`
      select b.id as "backupId", b.job_id as "jobId", b.owner_id as "ownerId" from backups b join jobs j on j.id = b.job_id
      where b.state = 'pending' and j.state = 'pending' and j.finished_at is null`,
    // Besides the job that makes a backup it can only have such that check it, the backup itself perhaps gone by now.
    sql<UnsentEvents["checks"]>`
      select j.subject_id as "backupId", j.id as "jobId", j.owner_id as "ownerId" from jobs j
      where j.kind = 'backup' and j.state = 'pending' and j.finished_at is null
        and not exists (select from backups b where b.job_id = j.id and b.id = j.subject_id)`,
    findUnsentOfRestores(sql),
  ]);
  return {
    imports,
    undos,
    decisions,
    resumedJobs: resumed.map((j) => j.id),
    exports: exports.map((e) => e.id),
    backups,
    checks,
    ...restores,
  };
}

type OfRestores = Pick<UnsentEvents, "restores" | "restoreDecisions" | "restoreUndos">;

async function findUnsentOfRestores(sql: AnySql): Promise<OfRestores> {
  const [restores, restoreDecisions, restoreUndos] = await Promise.all([
    sql<UnsentEvents["restores"]>`
      select id as "restoreId", owner_id as "ownerId" from restores where state = 'pending'`,
    // Whoever hears of the decision asks for the snapshot first, or ends it.
    sql<UnsentEvents["restoreDecisions"]>`
      select r.id as "restoreId", j.cancel_requested_at is not null as cancelled
      from restores r join jobs j on j.id = r.job_id
      where (r.state = 'saving' and j.phase = 'saving') or (r.state = 'ready' and j.cancel_requested_at is not null)`,
    sql<UnsentEvents["restoreUndos"]>`
      select id as "restoreId", undo ->> 'jobId' as "jobId", undo ->> 'kind' as kind
      from restores where state in ('undoing', 'redoing')`,
  ]);
  return { restores, restoreDecisions, restoreUndos };
}
