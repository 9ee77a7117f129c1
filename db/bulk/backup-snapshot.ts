import { momentText, noticeLines, settingLines } from "@/db/bulk/account-categories";
import type { Database } from "@/db/client";
import type { ReservedConnection } from "@/db/bulk/copy-out";
import { uuidLiteral } from "@/db/bulk/export-literal";
import { beginSnapshot, type ReadSnapshot } from "@/db/bulk/snapshot";

/** A collection as a backup lists it, and what it holds. */
export interface CollectionState {
  id: string;
  /** JSON, on one line without its end. */
  line: string;
  /** Its figures, likewise, and a 64-bit hash of them. */
  figures: string;
  figuresHash: string;
  recordCount: number;
  /** Records that the backup takes: all, or those changed since. */
  takenCount: number;
  /** XOR of a 64-bit hash of each record. */
  fingerprint: string;
}

/** What a transaction saw, in terms that a later one can go on from. */
export interface SnapshotState {
  /** pg_snapshot */
  snapshot: string;
  /** The database cluster whose transaction numbers these are. */
  databaseSystem: string;
  at: Date;
}

/** One unchanging view of a user's data, whatever others commit meanwhile. One thing at a time. */
export interface BackupSnapshot {
  readonly state: SnapshotState;
  /** Whether every change and every deletion since that earlier snapshot can be told. */
  canGoOnFrom(ownerId: string, earlier: { snapshot: string; databaseSystem: string }): Promise<boolean>;
  /** All collections of a user. `since` = the snapshot that a backup goes on from. */
  collections(ownerId: string, since: string | null): Promise<CollectionState[]>;
  /**
   * Records of these collections by rising id of the collection, then of the record; one JSON object a line. A piece
   * is to be looked at only until the next one is asked for.
   */
  records(collectionIds: readonly string[], ownerId: string, since: string | null): AsyncIterable<Uint8Array>;
  /** Records that were deleted since and are not there, one JSON object a line; in pieces as transient. */
  deletions(ownerId: string, since: string): AsyncIterable<Uint8Array>;
  /** What the account's person has set, and what they were told; likewise. */
  settings(ownerId: string): AsyncIterable<Uint8Array>;
  notices(ownerId: string): AsyncIterable<Uint8Array>;
  /** How much those are. */
  settingsState(ownerId: string): Promise<LinesState>;
  noticesState(ownerId: string): Promise<LinesState>;
}

export interface LinesState {
  count: number;
  /** XOR of a 64-bit hash of each line. */
  fingerprint: string;
}

/** Gives `use` a snapshot; over one connection, which is held until `use` has ended. */
export async function withBackupSnapshot<T>(
  db: Database,
  use: (snapshot: BackupSnapshot) => Promise<T>,
): Promise<T> {
  const snapshot = await beginSnapshot(db);
  try {
    const [state] = await snapshot.connection<[SnapshotState]>`
      select pg_current_snapshot()::text as snapshot, clock_timestamp() as at,
        (select system_identifier::text from pg_control_system()) as "databaseSystem"`;
    return await use(backupsFrom(snapshot, state));
  } finally {
    await snapshot.end();
  }
}

function backupsFrom({ connection, copy }: ReadSnapshot, state: SnapshotState): BackupSnapshot {
  return {
    state,
    async canGoOnFrom(ownerId, earlier) {
      if (earlier.databaseSystem !== state.databaseSystem) return false;
      const [row] = await connection<{ can: boolean }[]>`
        select pg_visible_in_snapshot(begun_xid, ${earlier.snapshot}::pg_snapshot)
          and pg_snapshot_xmin(${earlier.snapshot}::pg_snapshot) >= kept_from
          and pg_snapshot_xmax(${earlier.snapshot}::pg_snapshot) <= pg_snapshot_xmax(${state.snapshot}::pg_snapshot)
          as can
        from backup_tracking where owner_id = ${ownerId}`;
      return row?.can ?? false;
    },
    // A record's hash is of its text: jsonb has one text for each value.
    collections: (ownerId, since) => connection<CollectionState[]>`
      with held as (
        select r.collection_id, count(*)::int8 as "recordCount",
          (count(*) filter (where ${since === null ? connection`true` : connection.unsafe(unseen("r.changed_xid", since))}))::int8 as "takenCount",
          bit_xor(hashtextextended(r.id::text || r.version || r.data::text, 0)) as fingerprint,
          count(r.source_import_id)::int8 as imported, min(r.created_at) as first_at, max(r.updated_at) as last_at
        from records r
        where r.owner_id = ${ownerId} and r.collection_id in (select id from collections where owner_id = ${ownerId})
        group by r.collection_id
      )
      select c.id,
        json_build_object('id', c.id, 'name', c.name, 'template', c.template, 'fields', c.fields,
          'keyFields', c.key_fields, 'matching', c.matching, 'createdAt', ${moment(connection, "c.created_at")},
          'updatedAt', ${moment(connection, "c.updated_at")})::text as line,
        f.figures::text as figures, hashtextextended(f.figures::jsonb::text, 0)::text as "figuresHash",
        coalesce(h."recordCount", 0)::int8 as "recordCount", coalesce(h."takenCount", 0)::int8 as "takenCount",
        coalesce(h.fingerprint, 0)::text as fingerprint
      from collections c left join held h on h.collection_id = c.id
      cross join lateral (select json_build_object('collectionId', c.id, 'collection', c.name,
        'fields', jsonb_array_length(c.fields), 'records', coalesce(h."recordCount", 0),
        'imported', coalesce(h.imported, 0), 'byHand', coalesce(h."recordCount" - h.imported, 0),
        'firstRecordAt', ${moment(connection, "h.first_at")}, 'lastChangeAt', ${moment(connection, "h.last_at")}
      ) as figures) f
      where c.owner_id = ${ownerId} order by c.id`,
    records: (collectionIds, ownerId, since) => copy(recordsSelect(collectionIds, ownerId, since), RAW_LINES),
    deletions: (ownerId, since) => copy(deletionsSelect(ownerId, since), RAW_LINES),
    settings: (ownerId) => copy(settingLines(uuidLiteral(ownerId)), RAW_LINES),
    notices: (ownerId) => copy(noticeLines(uuidLiteral(ownerId)), RAW_LINES),
    settingsState: (ownerId) => linesState(connection, settingLines(uuidLiteral(ownerId))),
    noticesState: (ownerId) => linesState(connection, noticeLines(uuidLiteral(ownerId))),
  };
}

async function linesState(connection: ReservedConnection, select: string): Promise<LinesState> {
  const [row] = await connection.unsafe<[LinesState]>(`
    select count(*)::int8 as count, coalesce(bit_xor(hashtextextended(line::jsonb::text, 0)), 0)::text as fingerprint
    from (${select}) lines(line)`);
  return row;
}

/** Neither character occurs in JSON text, so that COPY neither quotes nor escapes anything. */
const RAW_LINES = { format: String.raw`format csv, quote e'\x01', delimiter e'\x02'`, transient: true };

// COPY takes no parameters: ids and snapshots are checked and written into the statement here, and nowhere else.

/** Pieces of text joined cost a third of what building a JSON value of them does. */
function recordsSelect(collectionIds: readonly string[], ownerId: string, since: string | null): string {
  return `select '{"id":"' || id || '","version":' || version
      || ',"createdAt":"' || ${momentText("created_at", "US")} || '","updatedAt":"' || ${momentText("updated_at", "US")}
      || '","importId":' || coalesce('"' || source_import_id || '"', 'null') || ',"data":' || data || '}'
    from records
    where collection_id in (${collectionIds.map(uuidLiteral).join()}) and owner_id = ${uuidLiteral(ownerId)}
      ${since === null ? "" : `and ${unseen("changed_xid", since)}`}
    order by collection_id, id`;
}

function deletionsSelect(ownerId: string, since: string): string {
  return `select distinct '{"collectionId":"' || d.collection_id || '","id":"' || d.record_id || '"}'
    from record_deletions d
    where d.owner_id = ${uuidLiteral(ownerId)} and ${unseen("d.deleted_xid", since)}
      and not exists (select from records r where r.collection_id = d.collection_id and r.id = d.record_id)
      and exists (select from collections c where c.id = d.collection_id)`;
}

function moment(connection: ReservedConnection, column: string) {
  return connection.unsafe(momentText(column, "US"));
}

/**
 * What that snapshot did not see. The first condition says nothing that the second does not; it is there for speed and
 * for the index. Without the second, one long transaction of anybody would make all that is younger come again.
 */
function unseen(xid: string, snapshot: string): string {
  const seen = snapshotLiteral(snapshot);
  return `(${xid} >= pg_snapshot_xmin(${seen}) and not pg_visible_in_snapshot(${xid}, ${seen}))`;
}

function snapshotLiteral(text: string): string {
  if (!/^[\d:,]+$/.test(text)) throw new Error("this is not a snapshot");
  return `'${text}'::pg_snapshot`;
}
