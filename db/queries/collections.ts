import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Orm, OrmTransaction } from "@/db/client";
import { collections, type StoredField } from "@/db/schema";

export type CollectionRow = typeof collections.$inferSelect;
type AnyOrm = Orm | OrmTransaction;

export async function insertCollection(
  orm: AnyOrm,
  collection: Pick<CollectionRow, "id" | "ownerId" | "name" | "template" | "fields" | "keyFields">,
): Promise<CollectionRow> {
  const [row] = await orm.insert(collections).values(collection).returning();
  return row!;
}

export async function findCollection(
  orm: AnyOrm,
  ownerId: string,
  id: string,
): Promise<CollectionRow | undefined> {
  const [row] = await orm.select().from(collections).where(owned(ownerId, id));
  return row;
}

/** Like `findCollection`, and keeps others from changing it (or its records) until the transaction ends. */
export async function lockCollection(
  tx: OrmTransaction,
  ownerId: string,
  id: string,
): Promise<CollectionRow | undefined> {
  const [row] = await tx.select().from(collections).where(owned(ownerId, id)).for("update");
  return row;
}

/** Newest first, those older than the collection `before`. */
export async function listCollections(
  orm: AnyOrm,
  ownerId: string,
  page: { before?: string; limit: number },
): Promise<CollectionRow[]> {
  const older = page.before ? lt(collections.id, page.before) : undefined;
  return orm
    .select()
    .from(collections)
    .where(and(eq(collections.ownerId, ownerId), older))
    .orderBy(desc(collections.id))
    .limit(page.limit);
}

export async function countCollections(orm: AnyOrm, ownerId: string): Promise<number> {
  return orm.$count(collections, eq(collections.ownerId, ownerId));
}

/** The user's collections made from a template; at most `limit`. */
export async function collectionsOfTemplate(
  orm: AnyOrm,
  ownerId: string,
  template: string,
  limit: number,
): Promise<CollectionRow[]> {
  return orm
    .select()
    .from(collections)
    .where(and(eq(collections.ownerId, ownerId), eq(collections.template, template)))
    .limit(limit);
}

export async function updateCollection(
  tx: OrmTransaction,
  id: string,
  change: { name?: string; fields?: StoredField[]; keyFields?: string[] },
): Promise<CollectionRow> {
  const [row] = await tx
    .update(collections)
    .set({ ...change, revision: sql`${collections.revision} + 1`, updatedAt: sql`now()` })
    .where(eq(collections.id, id))
    .returning();
  return row!;
}

/** Counts a change of records: `added` may be negative. Undefined when there is no such collection of that owner. */
export async function touchCollection(
  tx: OrmTransaction,
  ownerId: string,
  id: string,
  added: number,
): Promise<CollectionRow | undefined> {
  const [row] = await tx
    .update(collections)
    .set({
      recordCount: sql`${collections.recordCount} + ${added}`,
      revision: sql`${collections.revision} + 1`,
      updatedAt: sql`now()`,
    })
    .where(owned(ownerId, id))
    .returning();
  return row;
}

/** Removes a collection that nobody is writing to; a trigger removes its records in one statement. */
export async function deleteCollection(orm: AnyOrm, ownerId: string, id: string): Promise<boolean> {
  const gone = await orm
    .delete(collections)
    .where(and(owned(ownerId, id), isNull(collections.writerId)))
    .returning({ id: collections.id });
  return gone.length > 0;
}

/** True when some record has no value in that field. */
export async function hasEmptyField(orm: AnyOrm, collectionId: string, field: string): Promise<boolean> {
  return exists(orm, collectionId, sql`not (data ? ${field})`);
}

/** True when some record has a value in that field that is none of `allowed`. */
export async function hasOtherValue(
  orm: AnyOrm,
  collectionId: string,
  field: string,
  allowed: readonly string[],
): Promise<boolean> {
  const list = JSON.stringify(allowed);
  return exists(orm, collectionId, sql`data ? ${field} and not ${list}::jsonb ? (data ->> ${field})`);
}

async function exists(
  orm: AnyOrm,
  collectionId: string,
  condition: ReturnType<typeof sql>,
): Promise<boolean> {
  const [row] = await orm.execute<{ found: boolean }>(
    sql`select exists (select 1 from records where collection_id = ${collectionId} and ${condition}) as found`,
  );
  return row?.found ?? false;
}

function owned(ownerId: string, id: string) {
  return and(eq(collections.id, id), eq(collections.ownerId, ownerId));
}

/** Stores a collection's own matching rule; null = back to the standard one. Undefined when it is not that owner's. */
export async function setMatching(
  orm: Orm,
  ownerId: string,
  id: string,
  matching: object | null,
): Promise<CollectionRow | undefined> {
  const [row] = await orm
    .update(collections)
    // Plans made by the old rule are stale: imports that wait for a review are matched anew before they go on.
    .set({ matching, revision: sql`${collections.revision} + 1`, updatedAt: sql`now()` })
    .where(owned(ownerId, id))
    .returning();
  return row;
}
