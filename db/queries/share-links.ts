import type { AnySql, SqlTransaction } from "@/db/client";
import type { ShareAccessKind } from "@/db/schema";
import { newId } from "@/lib/platform/ids";

export interface ShareLinkRow {
  id: string;
  owner_id: string;
  export_id: string;
  token_hash: string;
  password_hash: string | null;
  expires_at: Date;
  downloads_max: number | null;
  download_count: number;
  open_count: number;
  last_access_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
}

/** A link that can be used, with the file it leads to. */
export interface OpenLinkRow extends ShareLinkRow {
  request: unknown;
  file_name: string;
  size_bytes: number;
  privacy: unknown;
}

export interface ShareAccessRow {
  id: string;
  kind: ShareAccessKind;
  at: Date;
}

interface PageOf {
  limit: number;
  cursor?: string;
}

const ACCESSES_KEPT = 500;

export async function insertShareLink(
  sql: AnySql,
  row: Pick<
    ShareLinkRow,
    "id" | "owner_id" | "export_id" | "token_hash" | "password_hash" | "expires_at" | "downloads_max"
  >,
): Promise<void> {
  await sql`
    insert into share_links (id, owner_id, export_id, token_hash, password_hash, expires_at, downloads_max)
    values (${row.id}, ${row.owner_id}, ${row.export_id}, ${row.token_hash}, ${row.password_hash},
            ${row.expires_at}, ${row.downloads_max})`;
}

/** `ownerId` undefined = whoever has a signed address of a download. */
export async function findShareLink(
  sql: AnySql,
  id: string,
  ownerId?: string,
): Promise<ShareLinkRow | undefined> {
  const owned = ownerId === undefined ? sql`` : sql`and owner_id = ${ownerId}`;
  const [row] = await sql<ShareLinkRow[]>`select * from share_links where id = ${id} ${owned}`;
  return row;
}

/** The links of an export, newest first; one more than `limit`, to tell whether there are others. */
export async function listShareLinks(sql: AnySql, exportId: string, page: PageOf): Promise<ShareLinkRow[]> {
  const older = page.cursor ? sql`and id < ${page.cursor}` : sql``;
  return sql<ShareLinkRow[]>`
    select * from share_links where export_id = ${exportId} ${older} order by id desc limit ${page.limit + 1}`;
}

/** True when it is this that ends it. */
export async function revokeShareLink(sql: AnySql, id: string, ownerId: string, now: Date): Promise<boolean> {
  const changed = await sql`
    update share_links set revoked_at = ${now}
    where id = ${id} and owner_id = ${ownerId} and revoked_at is null`;
  return changed.count > 0;
}

/** The link of a token, if it can be used: one that ended is as if it had never been. */
export async function findOpenLink(
  sql: AnySql,
  tokenHash: string,
  now: Date,
): Promise<OpenLinkRow | undefined> {
  const [row] = await sql<OpenLinkRow[]>`
    select s.*, e.request, e.file_name, e.size_bytes, e.privacy from share_links s join exports e on e.id = s.export_id
    where s.token_hash = ${tokenHash} and ${isOpen(sql, now)}`;
  return row;
}

/** Counts an opening and logs it. */
export async function noteOpened(sql: SqlTransaction, id: string, now: Date): Promise<void> {
  await sql`update share_links set open_count = open_count + 1, last_access_at = ${now} where id = ${id}`;
  await logAccess(sql, id, "opened", now);
}

/**
 * Counts a download and logs it, if the link can still be used: of two that want the last one, the row's lock lets one
 * through, and the other finds it used up.
 */
export async function noteDownloaded(sql: SqlTransaction, id: string, now: Date): Promise<boolean> {
  const changed = await sql`
    update share_links s set download_count = download_count + 1, last_access_at = ${now} from exports e
    where e.id = s.export_id and s.id = ${id} and ${isOpen(sql, now)}`;
  if (changed.count === 0) return false;
  await logAccess(sql, id, "downloaded", now);
  return true;
}

/** Adds to a link's log, of which the newest entries are kept: whoever has a link must not fill the disk by it. */
export async function logAccess(
  sql: AnySql,
  shareId: string,
  kind: ShareAccessKind,
  at: Date,
): Promise<void> {
  await sql`
    insert into share_accesses (id, share_id, kind, at) values (${newId()}, ${shareId}, ${kind}, ${at})`;
  await sql`
    delete from share_accesses where share_id = ${shareId} and id <= (
      select id from share_accesses where share_id = ${shareId} order by id desc offset ${ACCESSES_KEPT} limit 1)`;
}

/** A link's log, newest first; one more than `limit`. */
export async function listShareAccesses(
  sql: AnySql,
  shareId: string,
  page: PageOf,
): Promise<ShareAccessRow[]> {
  const older = page.cursor ? sql`and id < ${page.cursor}` : sql``;
  return sql<ShareAccessRow[]>`
    select id, kind, at from share_accesses where share_id = ${shareId} ${older}
    order by id desc limit ${page.limit + 1}`;
}

/** Forgets links whose file is gone, and those that ended before that moment, with their logs; answers how many. */
export async function deleteEndedLinks(sql: AnySql, now: Date, endedBefore: Date): Promise<number> {
  const deleted = await sql`
    delete from share_links s using exports e
    where e.id = s.export_id
      and (e.storage_key is null or e.expires_at <= ${now} or least(s.expires_at, s.revoked_at) < ${endedBefore})`;
  return deleted.count;
}

/** Of the rows s and e, that the link can be used. lib/services/shares/view.ts tells its owner why it cannot. */
function isOpen(sql: AnySql, now: Date) {
  return sql`(s.revoked_at is null and s.expires_at > ${now}
    and (s.downloads_max is null or s.download_count < s.downloads_max)
    and e.storage_key is not null and e.expires_at > ${now})`;
}
