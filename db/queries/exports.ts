import type { AnySql } from "@/db/client";
import type { StoredField } from "@/db/schema";

export interface ExportRow {
  id: string;
  owner_id: string;
  job_id: string;
  request: unknown;
  state: "pending" | "processing" | "completed" | "failed" | "cancelled";
  file_name: string;
  content_type: string;
  storage_key: string | null;
  size_bytes: number | null;
  sha256: string | null;
  /** What the file says that it withholds, shortened. */
  privacy: unknown;
  failure: { code: string; message: string } | null;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date;
}

export interface ExportableCollection {
  id: string;
  name: string;
  template: string | null;
  fields: StoredField[];
  keyFields: string[];
  recordCount: number;
}

/** The user's collections of these ids, or all, oldest first. */
export async function exportableCollections(
  sql: AnySql,
  ownerId: string,
  ids: readonly string[] | "all",
): Promise<ExportableCollection[]> {
  const chosen = ids === "all" ? sql`` : sql`and id in ${sql([...ids])}`;
  return sql<ExportableCollection[]>`
    select id, name, template, fields, key_fields as "keyFields", record_count as "recordCount" from collections
    where owner_id = ${ownerId} ${chosen} order by id`;
}

export async function insertExport(
  sql: AnySql,
  row: Pick<ExportRow, "id" | "owner_id" | "job_id" | "file_name" | "content_type" | "expires_at"> & {
    request: object;
  },
): Promise<void> {
  await sql`
    insert into exports (id, owner_id, job_id, request, file_name, content_type, expires_at)
    values (${row.id}, ${row.owner_id}, ${row.job_id}, ${sql.json(row.request as never)}, ${row.file_name},
            ${row.content_type}, ${row.expires_at})`;
}

/** `ownerId` undefined = the function that carries it out. */
export async function findExport(sql: AnySql, id: string, ownerId?: string): Promise<ExportRow | undefined> {
  const owned = ownerId === undefined ? sql`` : sql`and owner_id = ${ownerId}`;
  const [row] = await sql<ExportRow[]>`select * from exports where id = ${id} ${owned}`;
  return row;
}

/** A user's exports, newest first; one more than `limit`, to tell whether there are others. */
export async function listExports(
  sql: AnySql,
  ownerId: string,
  page: { limit: number; cursor?: string },
): Promise<ExportRow[]> {
  const older = page.cursor ? sql`and id < ${page.cursor}` : sql``;
  return sql<ExportRow[]>`
    select * from exports where owner_id = ${ownerId} ${older} order by id desc limit ${page.limit + 1}`;
}

/** False when it has ended already, was cancelled above all. */
export async function beginExport(sql: AnySql, id: string): Promise<boolean> {
  const changed = await sql`
    update exports set state = 'processing' where id = ${id} and state in ('pending', 'processing')`;
  return changed.count > 0;
}

export async function completeExport(
  sql: AnySql,
  id: string,
  file: { storageKey: string; sizeBytes: number; sha256: string; privacy: object | null },
): Promise<boolean> {
  const changed = await sql`
    update exports set state = 'completed', storage_key = ${file.storageKey}, size_bytes = ${file.sizeBytes},
      sha256 = ${file.sha256}, privacy = ${file.privacy ? sql.json(file.privacy as never) : null},
      finished_at = clock_timestamp()
    where id = ${id} and state = 'processing'`;
  return changed.count > 0;
}

/** Ends an export that has not ended; false when it has. */
export async function endExport(
  sql: AnySql,
  id: string,
  state: "failed" | "cancelled",
  failure: { code: string; message: string } | null,
): Promise<boolean> {
  const changed = await sql`
    update exports set state = ${state}, finished_at = clock_timestamp(),
      failure = ${failure ? sql.json(failure) : null}
    where id = ${id} and state in ('pending', 'processing')`;
  return changed.count > 0;
}

/** Cancels an export that nobody has begun. */
export async function cancelPendingExport(sql: AnySql, id: string): Promise<boolean> {
  const changed = await sql`
    update exports set state = 'cancelled', finished_at = clock_timestamp() where id = ${id} and state = 'pending'`;
  return changed.count > 0;
}

/** Exports past their time whose files are still there, those that never ended included. */
export async function findExpiredExports(sql: AnySql, now: Date, limit: number): Promise<{ id: string }[]> {
  return sql<{ id: string }[]>`
    select id from exports
    where expires_at < ${now} and (storage_key is not null or state in ('pending', 'processing'))
    order by expires_at limit ${limit}`;
}

/** Notes that the file of an export is gone; one that never ended has failed by then. */
export async function expireExport(sql: AnySql, id: string): Promise<void> {
  await sql`
    update exports set storage_key = null,
      state = case when state in ('pending', 'processing') then 'failed' else state end,
      finished_at = coalesce(finished_at, clock_timestamp())
    where id = ${id}`;
}

export async function deleteExport(sql: AnySql, id: string): Promise<void> {
  await sql`delete from exports where id = ${id}`;
}

/** Forgets exports whose files are gone, and were to go before that moment. */
export async function deleteOldExports(sql: AnySql, expiredBefore: Date): Promise<void> {
  await sql`
    delete from exports
    where expires_at < ${expiredBefore} and storage_key is null and state not in ('pending', 'processing')`;
}
