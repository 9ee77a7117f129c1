import type { Sql, SqlTransaction } from "@/db/client";
import { copyIn } from "@/db/copy-in";

/** Bytes of lines that are added at once. */
const WAITING_BYTES = 4 * 1024 * 1024;

/** What a collection holds: as a manifest says it, and as a drill finds it. */
export interface DrilledCollection {
  id: string;
  recordCount: number;
  fingerprint: string;
}

/** What a category holds, likewise. */
export interface DrilledCategory {
  category: string;
  count: number;
  fingerprint: string;
}

/** A place where a chain is restored to, and which nobody else sees. One thing at a time, links in their order. */
export interface DrillGround {
  /** Lines of a category, of the newest member alone: it has all of them. */
  addCategory(category: string, lines: Uint8Array): Promise<void>;
  /** What these categories hold after that, in their order. */
  categories(names: readonly string[]): Promise<DrilledCategory[]>;
  /** Lines of records of one collection, from the chain's member of that position. */
  addRecords(position: number, collectionId: string, lines: Uint8Array): Promise<void>;
  addDeletions(position: number, lines: Uint8Array): Promise<void>;
  /** To be said once all of a member has been added. */
  endBackup(position: number): Promise<void>;
  /** What these collections hold after all of that, in the order of their ids. */
  state(collectionIds: readonly string[]): Promise<DrilledCollection[]>;
}

/** Temporary tables of one transaction that is never committed: a drill leaves nothing, however it ends. */
export async function withDrillGround<T>(sql: Sql, use: (ground: DrillGround) => Promise<T>): Promise<T> {
  let result: { value: T } | undefined;
  const done = new Error("the drill is over");
  try {
    await sql.begin(async (tx) => {
      await tx`create temporary table drill_lines (collection_id uuid, line jsonb not null) on commit drop`;
      await tx`create temporary table drill_records (
        position integer not null, collection_id uuid not null, id uuid not null, version integer, data jsonb
      ) on commit drop`;
      await tx`create temporary table drill_entries (category text not null, entry jsonb not null) on commit drop`;
      result = { value: await use(groundOf(tx)) };
      throw done;
    });
  } catch (error) {
    if (error !== done || !result) throw error;
  }
  return result!.value;
}

function groundOf(tx: SqlTransaction): DrillGround {
  /** Lines of small parts: one statement for each would cost more than its records. */
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const add = async (position: number) => {
    await copyLines(tx, waiting);
    waiting.length = waitingBytes = 0;
    await tx`
      insert into drill_records
      select ${position}::int, collection_id, (line ->> 'id')::uuid, (line ->> 'version')::int, line -> 'data'
      from drill_lines`;
  };
  return {
    async addRecords(position, collectionId, lines) {
      waiting.push(withPrefix(`${collectionId}\x02`, lines));
      waitingBytes += lines.length;
      if (waitingBytes >= WAITING_BYTES) await add(position);
    },
    async endBackup(position) {
      if (waiting.length > 0) await add(position);
    },
    async addDeletions(position, lines) {
      await copyLines(tx, [withPrefix("\x02", lines)]);
      await tx`
        insert into drill_records
        select ${position}::int, (line ->> 'collectionId')::uuid, (line ->> 'id')::uuid, null, null from drill_lines`;
    },
    async addCategory(category, lines) {
      await copyLines(tx, [withPrefix("\x02", lines)]);
      await tx`insert into drill_entries select ${category}::text, line from drill_lines`;
    },
    categories: (names) => tx<DrilledCategory[]>`
      select c.name as category, count(e.entry)::int8 as count,
        coalesce(bit_xor(hashtextextended(e.entry::text, 0)), 0)::text as fingerprint
      from unnest(${[...names]}::text[]) with ordinality c(name, place) left join drill_entries e on e.category = c.name
      group by c.name, c.place order by c.place`,
    // The newest word on a record counts; one without data was its deletion. The hash is that of backup-snapshot.ts.
    state: (collectionIds) => tx<DrilledCollection[]>`
      with present as (
        select distinct on (collection_id, id) * from drill_records order by collection_id, id, position desc
      ), held as (
        select collection_id, count(*)::int8 as "recordCount",
          bit_xor(hashtextextended(id::text || version || data::text, 0)) as fingerprint
        from present where data is not null group by collection_id
      )
      select c.id, coalesce(h."recordCount", 0)::int8 as "recordCount", coalesce(h.fingerprint, 0)::text as fingerprint
      from unnest(${[...collectionIds]}::uuid[]) c(id) left join held h on h.collection_id = c.id order by c.id`,
  };
}

/** Neither character occurs in JSON text, so that COPY takes each line as it is. */
const RAW_LINES = String.raw`format csv, quote e'\x01', delimiter e'\x02', encoding 'UTF8'`;
const LINE_FEED = 0x0a;

/** Each line, ended by LF, with the same text before it. */
function withPrefix(prefix: string, lines: Uint8Array): Buffer {
  const before = Buffer.from(prefix);
  const written = [];
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf(LINE_FEED, at) + 1 || lines.length;
    written.push(before, lines.subarray(at, end));
    at = end;
  }
  return Buffer.concat(written);
}

async function copyLines(tx: SqlTransaction, lines: readonly Uint8Array[]): Promise<void> {
  await tx`truncate drill_lines`;
  await copyIn(tx, `copy drill_lines (collection_id, line) from stdin (${RAW_LINES})`, lines);
}
