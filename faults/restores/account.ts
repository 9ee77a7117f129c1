import { newId } from "@/lib/platform/ids";
import { deleteCollection } from "@/lib/services/collections/delete";
import type { ServiceContext } from "@/lib/services/context";
import { deleteRecord } from "@/lib/services/records/delete";
import { updateRecord } from "@/lib/services/records/update";

/** Trips are two chunks of an import, so that one can be in while the other is still to come. */
const RECORDS = { Countries: 300, Trips: 12_500, Notes: 1_500 };
type Name = keyof typeof RECORDS;

export type Collections = Record<Name, string>;

/** Three collections, one of which refers to another. The same records, ids included, in every account. */
export async function fillAccount(ctx: ServiceContext): Promise<Collections> {
  const { sql } = ctx.db;
  const ids: Collections = { Countries: newId(), Trips: newId(), Notes: newId() };
  for (const name of ["Countries", "Trips", "Notes"] as const) {
    const fields = [
      { name: "title", label: "Title", type: "text", required: true },
      { name: "remark", label: "Remark", type: "text", required: false },
      ...(name === "Trips"
        ? [
            {
              name: "country",
              label: "Country",
              type: "reference",
              required: false,
              references: ids.Countries,
            },
          ]
        : []),
    ];
    await sql`
      insert into collections (id, owner_id, name, fields, key_fields)
      values (${ids[name]}, ${ctx.ownerId}, ${name}, ${sql.json(fields)}, '{}')`;
    await addRecords(ctx, ids, name, { from: 1, to: RECORDS[name] });
  }
  return ids;
}

/** What happens between the full backup and the one that goes on from it. */
export async function changeOnce(ctx: ServiceContext, ids: Collections): Promise<void> {
  await change(ctx, ids, "Trips", { changed: "3", removed: "7", suffix: "once" });
  await change(ctx, ids, "Notes", { changed: "8", removed: "f", suffix: "once" });
  await addRecords(ctx, ids, "Notes", { from: 100_001, to: 100_200 });
}

/** What happens after the backup, and what a restore takes back: also a collection that others refer to goes. */
export async function changeSince(ctx: ServiceContext, ids: Collections): Promise<void> {
  await change(ctx, ids, "Trips", { changed: "5", removed: "a", suffix: "since" });
  await change(ctx, ids, "Notes", { changed: "1", removed: "2", suffix: "since" });
  await addRecords(ctx, ids, "Trips", { from: 200_001, to: 200_150 });
  await addRecords(ctx, ids, "Notes", { from: 200_001, to: 200_040 });
  // By hand, which is noted: a record that comes back goes on from the version it had.
  for (const recordId of await someOf(ctx, ids.Trips, "9")) {
    const at = { collectionId: ids.Trips, recordId };
    await updateRecord(ctx, at, { data: { remark: null, title: "typed by hand" }, expected: undefined });
  }
  for (const recordId of await someOf(ctx, ids.Notes, "b")) {
    await deleteRecord(ctx, { collectionId: ids.Notes, recordId }, undefined);
  }
  await deleteCollection(ctx, ids.Countries);
}

async function someOf(
  { db: { sql } }: ServiceContext,
  collectionId: string,
  ending: string,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from records where collection_id = ${collectionId} and right(id::text, 1) = ${ending} order by id limit 5`;
  return rows.map(({ id }) => id);
}

async function addRecords(
  { ownerId, db: { sql } }: ServiceContext,
  ids: Collections,
  name: Name,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await sql`
    insert into records (id, owner_id, collection_id, data)
    select md5(${name}::text || n)::uuid, ${ownerId}, ${ids[name]}, jsonb_strip_nulls(jsonb_build_object(
      'title', ${name}::text || ' ' || n, 'remark', case when n % 4 > 0 then md5(n::text) || ' äöü "' end,
      'country', case when ${name}::text = 'Trips' then md5('Countries' || (n % ${RECORDS.Countries}::int + 1)) ::uuid end))
    from generate_series(${from}::int, ${to}::int) n`;
  await touch(sql, ids[name]);
}

async function change(
  { db: { sql } }: ServiceContext,
  ids: Collections,
  name: Name,
  { changed, removed, suffix }: { changed: string; removed: string; suffix: string },
): Promise<void> {
  await sql`
    update records set data = data || jsonb_build_object('title', ${`${name} changed ${suffix}`}::text),
      version = version + 1, changed_xid = pg_current_xact_id(), updated_at = now()
    where collection_id = ${ids[name]} and right(id::text, 1) = ${changed}`;
  await sql`delete from records where collection_id = ${ids[name]} and right(id::text, 1) = ${removed}`;
  await touch(sql, ids[name]);
}

async function touch(sql: ServiceContext["db"]["sql"], id: string): Promise<void> {
  await sql`
    update collections set revision = revision + 1,
      record_count = (select count(*) from records where collection_id = ${id}) where id = ${id}`;
}
