import type { AnySql } from "@/db/client";
import type { BackupFailure } from "@/db/queries/backups";

/** A restore that took its time and has ended, of which nobody was told. */
export interface EndedRestore {
  id: string;
  ownerId: string;
  succeeded: boolean;
  failure: BackupFailure | null;
  result: { added: number; changed: number; deleted: number } | null;
}

/** Restores that ended after `since` and were at work for `workedMs` or longer, without a notice of their end. */
export async function findUntoldRestores(
  sql: AnySql,
  { since, workedMs }: { since: Date; workedMs: number },
): Promise<EndedRestore[]> {
  return sql<EndedRestore[]>`
    select r.id, r.owner_id as "ownerId", r.state in ('completed', 'completed_with_errors') as succeeded, r.failure,
      r.result
    from restores r
    where r.finished_at > ${since} and r.state in ('completed', 'completed_with_errors', 'failed', 'rolled_back')
      and r.finished_at - coalesce(r.started_at, r.created_at) >= ${workedMs} * interval '1 millisecond'
      and not exists (
        select from notices n where n.owner_id = r.owner_id and n.subject_id = r.id
          and n.kind in ('restore-finished', 'restore-failed'))`;
}
