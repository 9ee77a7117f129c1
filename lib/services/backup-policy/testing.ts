import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import type { TestBench } from "@/lib/services/testing";

const DAY_MS = 86_400_000;
/** The day on which these tests' newest backups are made. */
const IDES_MS = Date.UTC(2028, 2, 15, 12);

/** Sets the bench's clock to the day that `insertMade` counts from. */
export function atNoonOfTheIdes(bench: TestBench): void {
  bench.clock.shiftMilliseconds = IDES_MS - Date.now();
}

interface Made {
  parentId?: string | null;
  state?: string;
  /** pg_snapshot */
  snapshot?: string | null;
}

/** A backup as a finished (or running) one stands in the table. */
export async function insertMade(
  owner: ServiceContext,
  daysAgo: number,
  { parentId = null, state = "completed", snapshot = null }: Made = {},
): Promise<string> {
  const id = newId();
  const madeAt = new Date(IDES_MS - daysAgo * DAY_MS);
  await owner.db.sql`
    insert into backups (id, owner_id, job_id, kind, state, encryption, full_every, parent_id, chain_id, snapshot_at,
                         snapshot, size_bytes, storage_key, created_at, finished_at)
    values (${id}, ${owner.ownerId}, ${newId()}, ${parentId ? "incremental" : "full"}, ${state},
            '{"mode":"server"}', 7, ${parentId}, ${id}, ${madeAt}, ${snapshot}::pg_snapshot, 1000,
            ${`backups/${id}/1`}, ${madeAt}, ${madeAt})`;
  return id;
}

/** The backups that are not deleted, newest first. */
export async function standing(owner: ServiceContext): Promise<string[]> {
  const rows = await owner.db.sql<{ id: string }[]>`
    select id from backups where owner_id = ${owner.ownerId} and deleted_at is null order by snapshot_at desc`;
  return rows.map((row) => row.id);
}
