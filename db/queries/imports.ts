import { and, desc, eq, inArray, isNull, lt } from "drizzle-orm";
import type { AnySql, Database, Orm, OrmTransaction } from "@/db/client";
import { collections, type ImportState, imports, jobs } from "@/db/schema";

export type ImportRow = typeof imports.$inferSelect;
export type CollectionRow = typeof collections.$inferSelect;
type Patch = Partial<Omit<typeof imports.$inferInsert, "id" | "ownerId">>;

/** An import and the job that people see it as: there is never the one without the other. */
export async function insertImport(
  db: Database,
  row: typeof imports.$inferInsert,
  title: string,
): Promise<void> {
  await db.orm.transaction(async (tx) => {
    await tx.insert(imports).values(row);
    const { jobId, ownerId, id } = row;
    await tx.insert(jobs).values({ id: jobId, ownerId, kind: "import", subjectId: id, title });
  });
}

/** An import, of one owner when given; a durable function works for whoever it belongs to. */
export async function findImport(db: Database, id: string, ownerId?: string): Promise<ImportRow | undefined> {
  const mine =
    ownerId === undefined ? eq(imports.id, id) : and(eq(imports.id, id), eq(imports.ownerId, ownerId));
  const [row] = await db.orm.select().from(imports).where(mine);
  return row;
}

export async function findImportsById(
  orm: Orm | OrmTransaction,
  ids: readonly string[],
): Promise<ImportRow[]> {
  return await orm
    .select()
    .from(imports)
    .where(inArray(imports.id, [...ids]));
}

/** Changes an import if it is still in one of the states `from`; undefined when it is not. */
export async function patchImport(
  db: Database,
  id: string,
  patch: Patch,
  from?: readonly ImportState[],
): Promise<ImportRow | undefined> {
  const which = from ? and(eq(imports.id, id), inArray(imports.state, [...from])) : eq(imports.id, id);
  const [row] = await db.orm.update(imports).set(patch).where(which).returning();
  return row;
}

/** Newest first; `before` is the id of the last one seen. Of one collection when given. Those of restores are parts. */
export async function listImports(
  db: Database,
  ownerId: string,
  page: { limit: number; before?: string; collectionId?: string },
): Promise<ImportRow[]> {
  const which = and(
    eq(imports.ownerId, ownerId),
    isNull(imports.restoreId),
    page.before ? lt(imports.id, page.before) : undefined,
    page.collectionId ? eq(imports.collectionId, page.collectionId) : undefined,
  );
  return await db.orm.select().from(imports).where(which).orderBy(desc(imports.id)).limit(page.limit);
}

export async function findImportCollection(
  db: Database,
  id: string,
  ownerId: string,
): Promise<CollectionRow | undefined> {
  const [row] = await db.orm
    .select()
    .from(collections)
    .where(and(eq(collections.id, id), eq(collections.ownerId, ownerId)));
  return row;
}

export interface ResolutionRow {
  rowNumber: number;
  resolution: "overwrite" | "skip" | "merge" | "keepBoth";
  patch: Record<string, string | number | boolean | null> | null;
}

/** Stores decisions; a later one about the same row replaces the earlier. */
export async function saveResolutions(sql: AnySql, importId: string, rows: ResolutionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into import_resolutions (import_id, row_number, resolution, patch)
    select ${importId}, d."rowNumber", d.resolution, d.patch
    from jsonb_to_recordset(${sql.json(rows as never)}) as d("rowNumber" bigint, resolution text, patch jsonb)
    on conflict (import_id, row_number) do update set resolution = excluded.resolution, patch = excluded.patch`;
}

/** Takes decisions back. */
export async function removeResolutions(sql: AnySql, importId: string, rows: number[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`delete from import_resolutions where import_id = ${importId} and row_number = any(${rows}::int[])`;
}

export interface JournalChunkRow {
  chunk: number;
  firstRow: number;
  lastRow: number;
  inserted: number;
  updated: number;
  deleted: number;
  skipped: number;
  undone: boolean;
  /** The undo or redo that was the last to change it. */
  undoId: string | null;
}

/** The applied chunks of an import, last first: the order in which they are taken back. */
export async function journalChunks(sql: AnySql, importId: string): Promise<JournalChunkRow[]> {
  return await sql<JournalChunkRow[]>`
    select chunk, first_row as "firstRow", last_row as "lastRow", inserted, updated, deleted, skipped,
      undone_at is not null as undone, undo_id as "undoId"
    from journal_chunks where import_id = ${importId} order by chunk desc`;
}
