import { and, eq, sql } from "drizzle-orm";
import { keyHashExpression } from "@/db/bulk/key-hash";
import type { Orm, OrmTransaction } from "@/db/client";
import { records } from "@/db/schema";

export type RecordRow = typeof records.$inferSelect;
type Data = RecordRow["data"];

interface RecordKey {
  ownerId: string;
  collectionId: string;
  id: string;
}

export async function insertRecord(
  tx: OrmTransaction,
  key: RecordKey,
  data: Data,
  keyFields: string[],
): Promise<RecordRow> {
  const [row] = await tx
    .insert(records)
    .values({ ...key, data, keyHash: keyHash(data, keyFields) })
    .returning();
  return row!;
}

export async function findRecord(orm: Orm, key: RecordKey): Promise<RecordRow | undefined> {
  const [row] = await orm.select().from(records).where(same(key));
  return row;
}

/** Like `findRecord`, and keeps others from changing it until the transaction ends. */
export async function lockRecord(tx: OrmTransaction, key: RecordKey): Promise<RecordRow | undefined> {
  const [row] = await tx.select().from(records).where(same(key)).for("update");
  return row;
}

/** Writes a record's whole content as typed by hand; its version rises. */
export async function updateRecord(
  tx: OrmTransaction,
  key: RecordKey,
  data: Data,
  keyFields: string[],
): Promise<RecordRow> {
  const [row] = await tx
    .update(records)
    .set({
      data,
      keyHash: keyHash(data, keyFields),
      version: sql`${records.version} + 1`,
      sourceImportId: null,
      changedXid: sql`pg_current_xact_id()`,
      updatedAt: sql`now()`,
    })
    .where(same(key))
    .returning();
  return row!;
}

/**
 * Puts a deleted record back under its id, as of `record`. Undefined when there is a record of that id already.
 */
export async function restoreRecord(
  tx: OrmTransaction,
  key: RecordKey,
  record: Pick<RecordRow, "data" | "version" | "sourceImportId" | "createdAt">,
  keyFields: string[],
): Promise<RecordRow | undefined> {
  const [row] = await tx
    .insert(records)
    .values({ ...key, ...record, keyHash: keyHash(record.data, keyFields) })
    .onConflictDoNothing()
    .returning();
  return row;
}

export async function deleteRecord(tx: OrmTransaction, key: RecordKey): Promise<void> {
  await tx.delete(records).where(same(key));
}

/** Computes every record's key hash anew, after the key fields have changed. */
export async function rehashRecords(
  tx: OrmTransaction,
  collectionId: string,
  keyFields: string[],
): Promise<void> {
  await tx
    .update(records)
    .set({ keyHash: sql.raw(keyHashExpression(keyFields, "data")) })
    .where(eq(records.collectionId, collectionId));
}

/** The hash is made by the same SQL as an import's, over a one-row table with the data. */
function keyHash(data: Data, keyFields: string[]) {
  const expression = sql.raw(keyHashExpression(keyFields, "d.data"));
  return sql`(select ${expression} from (select ${JSON.stringify(data)}::jsonb as data) d)`;
}

function same(key: RecordKey) {
  return and(
    eq(records.collectionId, key.collectionId),
    eq(records.id, key.id),
    eq(records.ownerId, key.ownerId),
  );
}
