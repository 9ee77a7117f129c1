import { and, asc, desc, eq, inArray, lt } from "drizzle-orm";
import type { AnySql, Database, SqlTransaction } from "@/db/client";
import {
  auditEntries,
  imports,
  jobs,
  restores,
  type RestoredPart,
  type RestoreState,
  type StoredField,
} from "@/db/schema";
import type { ImportRow } from "./imports";

export type RestoreRow = typeof restores.$inferSelect;
type Patch = Partial<Omit<typeof restores.$inferInsert, "id" | "ownerId">>;

/** A restore and the job that people see it as. */
export async function insertRestore(
  db: Database,
  row: typeof restores.$inferInsert,
  title: string,
): Promise<void> {
  await db.orm.transaction(async (tx) => {
    await tx.insert(restores).values(row);
    const { jobId, ownerId, id } = row;
    await tx.insert(jobs).values({ id: jobId, ownerId, kind: "restore", subjectId: id, title });
  });
}

/** A restore, of one owner when given; a durable function works for whoever it belongs to. */
export async function findRestore(
  db: Database,
  id: string,
  ownerId?: string,
): Promise<RestoreRow | undefined> {
  const mine =
    ownerId === undefined ? eq(restores.id, id) : and(eq(restores.id, id), eq(restores.ownerId, ownerId));
  const [row] = await db.orm.select().from(restores).where(mine);
  return row;
}

/** Changes a restore if it is still in one of the states `from`; undefined when it is not. */
export async function patchRestore(
  db: Database,
  id: string,
  patch: Patch,
  from?: readonly RestoreState[],
): Promise<RestoreRow | undefined> {
  const which = from ? and(eq(restores.id, id), inArray(restores.state, [...from])) : eq(restores.id, id);
  const [row] = await db.orm.update(restores).set(patch).where(which).returning();
  return row;
}

/** Newest first; `before` is the id of the last one seen. */
export async function listRestores(
  db: Database,
  ownerId: string,
  page: { limit: number; before?: string; backupId?: string },
): Promise<RestoreRow[]> {
  const which = and(
    eq(restores.ownerId, ownerId),
    page.before ? lt(restores.id, page.before) : undefined,
    page.backupId ? eq(restores.backupId, page.backupId) : undefined,
  );
  return await db.orm.select().from(restores).where(which).orderBy(desc(restores.id)).limit(page.limit);
}

const INSERTED_AT_ONCE = 500;

/** The restore's plan and the imports of the collections that differ, all or none. */
export async function insertParts(
  db: Database,
  restoreId: string,
  plan: RestoreRow["plan"],
  parts: readonly (typeof imports.$inferInsert)[],
): Promise<void> {
  await db.orm.transaction(async (tx) => {
    await tx.update(restores).set({ plan }).where(eq(restores.id, restoreId));
    for (let at = 0; at < parts.length; at += INSERTED_AT_ONCE) {
      await tx.insert(imports).values(parts.slice(at, at + INSERTED_AT_ONCE));
    }
  });
}

/** The imports of a restore, in the order in which they were made. */
export async function findParts(db: Database, restoreId: string): Promise<ImportRow[]> {
  return await db.orm.select().from(imports).where(eq(imports.restoreId, restoreId)).orderBy(asc(imports.id));
}

/** Writes down what was staged of each of these imports. */
export async function noteStaged(
  sql: AnySql,
  parts: readonly { id: string; staged: NonNullable<ImportRow["staged"]> }[],
): Promise<void> {
  await sql`
    update imports i set staged = t.staged
    from jsonb_to_recordset(${sql.json(parts)}) as t(id uuid, staged jsonb) where i.id = t.id`;
}

/** Writes down the plan of one of a restore's imports, in the transaction that has made it. */
export async function notePlanned(
  tx: SqlTransaction,
  id: string,
  planned: { plan: object; planRevision: number; restored: RestoredPart },
): Promise<void> {
  await tx`
    update imports set plan = ${tx.json(planned.plan as never)}, plan_revision = ${planned.planRevision},
      restored = ${tx.json(planned.restored as never)} where id = ${id}`;
}

/** The collection that an earlier restore made of one of a backup whose id is somebody else's. */
export async function findEarlierTargets(
  sql: AnySql,
  ownerId: string,
  backupCollectionIds: readonly string[],
): Promise<{ backupCollectionId: string; collectionId: string }[]> {
  if (backupCollectionIds.length === 0) return [];
  return await sql<{ backupCollectionId: string; collectionId: string }[]>`
    select distinct on (i.restored ->> 'backupCollectionId')
      i.restored ->> 'backupCollectionId' as "backupCollectionId", c.id as "collectionId"
    from imports i join collections c on c.id = i.collection_id and c.owner_id = i.owner_id
    where i.owner_id = ${ownerId} and i.restore_id is not null
      and i.restored ->> 'backupCollectionId' = any(${backupCollectionIds as string[]})
    order by i.restored ->> 'backupCollectionId', i.id desc`;
}

/** The fields of these collections, as far as they are this owner's. */
export async function findFields(
  sql: AnySql,
  ownerId: string,
  ids: readonly string[],
): Promise<Map<string, StoredField[]>> {
  const rows = await sql<{ id: string; fields: StoredField[] }[]>`
    select id, fields from collections where owner_id = ${ownerId} and id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map(({ id, fields }) => [id, fields]));
}

export async function countCollections(sql: AnySql, ownerId: string): Promise<number> {
  const [row] = await sql<[{ count: number }]>`
    select count(*)::int8 as count from collections where owner_id = ${ownerId}`;
  return row.count;
}

/** Writes down what was done with an account's data as a whole. */
export async function addAuditEntry(db: Database, entry: typeof auditEntries.$inferInsert): Promise<void> {
  await db.orm.insert(auditEntries).values(entry);
}

export interface SummedCounts {
  add: number;
  change: number;
  delete: number;
  unchanged: number;
  conflicts: number;
  differing: number;
  invalid: number;
}

/** What each of these restores comes to, over all its collections. */
export async function sumCounts(sql: AnySql, ids: readonly string[]): Promise<Map<string, SummedCounts>> {
  if (ids.length === 0) return new Map();
  const sum = (key: string) => sql`coalesce((
    select sum((i.plan ->> ${key})::int8) from imports i where i.restore_id = r.id), 0)::int8`;
  const rows = await sql<(SummedCounts & { id: string })[]>`
    select r.id, ${sum("new")} as add, ${sum("toUpdate")} as change, ${sum("toDelete")} as delete,
      ${sum("unchanged")} + ${sum("skipped")} + case when r.scope ->> 'recordIds' is null
        and r.scope ->> 'search' is null then coalesce((
          select sum((c ->> 'records')::int8) from jsonb_array_elements(r.plan -> 'collections') c
          where c ->> 'importId' is null), 0)::int8 else 0 end as unchanged,
      ${sum("conflicts")} as conflicts, ${sum("clashes")} as differing, ${sum("invalid")} as invalid
    from restores r where r.id = any(${ids as string[]}::uuid[])`;
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
