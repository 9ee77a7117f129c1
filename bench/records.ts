/**
 * How long the record browser waits at 1,000,000 rows: pages in the order of the file, jumps, every kind of sort, search,
 * filters, one edit, and the removal of the collection. Wall milliseconds: the best of three, as the service answers.
 *
 *   npm run bench records [rows]        needs TEST_DATABASE_URL, which `npm run bench` sets
 */
import { connect, type Sql } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { diskStore } from "@/lib/storage/drivers/disk";
import { ListRecordsQuery } from "@/lib/contracts/records";
import { logger } from "@/lib/platform/logger";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { deleteCollection } from "@/lib/services/collections/delete";
import { listRecords } from "@/lib/services/records/list";
import { updateRecord } from "@/lib/services/records/update";

const rows = Number(process.argv[2] ?? 1_000_000);
const middle = Math.floor(rows / 2);

const QUERIES: [what: string, query: Record<string, string>, thenNext?: boolean][] = [
  ["first page", {}, true],
  ["1,000 rows", { limit: "1000" }],
  ["jump to the middle", { offset: String(middle) }, true],
  ["jump near the end", { offset: String(rows - 100) }],
  ["sort by text", { sort: "country" }, true],
  ["sort by date, newest first", { sort: "-entryDate" }, true],
  ["sort by number", { sort: "maxDays" }, true],
  ["sort by number, jump to the middle", { sort: "maxDays", offset: String(middle) }],
  ["search, common", { q: "fran" }],
  ["search, one hit", { q: "c4ca4238" }],
  ["search, none", { q: "no such word" }],
  ["search, none, other script", { q: "일본" }],
  ["filter, common", { filter: "country:eq:Japan" }],
  ["filter, common, counted", { filter: "country:eq:Japan", total: "true" }],
  ["filter, none", { filter: "maxDays:gt:1000" }],
  ["filter and sort", { filter: "maxDays:gt:80", sort: "-entryDate" }],
];

const database = await createTestDatabase();
const db = connect(database.url, { poolSize: 4 });
const ownerId = newId();
await db.orm.insert(users).values({ id: ownerId, email: "bench@example.org", passwordHash: "-" });
const ctx: ServiceContext = {
  db,
  ownerId,
  log: logger,
  storage: diskStore("/nonexistent"),
  now: () => new Date(),
  sendEvents: () => Promise.resolve(),
};
try {
  const { id } = await createCollection(ctx, { name: "Bench", template: "trips" });
  await fill(db.sql, id);
  for (const [what, query, thenNext] of QUERIES) {
    const page = await measured(what, () => listRecords(ctx, id, ListRecordsQuery.parse(query)));
    if (!thenNext || page.nextCursor === null) continue;
    const { offset: _, ...rest } = query;
    const next = ListRecordsQuery.parse({ ...rest, cursor: page.nextCursor });
    await measured("  …and the page after", () => listRecords(ctx, id, next));
  }
  const { items } = await listRecords(
    ctx,
    id,
    ListRecordsQuery.parse({ offset: String(middle), limit: "1" }),
  );
  const place = { collectionId: id, recordId: items[0]!.id };
  await measured("edit one", () => updateRecord(ctx, place, { data: { maxDays: 1 }, expected: undefined }));
  const started = performance.now();
  await deleteCollection(ctx, id);
  report("remove the collection", performance.now() - started);
} finally {
  await db.close();
  await database.drop();
}

async function fill(sql: Sql, collectionId: string): Promise<void> {
  const prefix = newIdPrefix();
  await sql`
    insert into records (collection_id, id, owner_id, data)
    select ${collectionId}, (${prefix}::text || lpad(to_hex(n), 8, '0'))::uuid, ${ownerId}, jsonb_build_object(
      'country', (array['France', 'Germany', 'Vietnam', 'South Korea', 'Japan', 'Peru', 'Austria', 'Italy'])[1 + n % 8],
      'entryDate', (date '2000-01-01' + (n * 719) % 9000)::text,
      'exitDate', (date '2000-01-12' + (n * 719) % 9000)::text,
      'visaType', (array['tourist', 'business', 'student'])[1 + n % 3],
      'maxDays', (n * 31) % 91, 'passportCountry', 'Germany', 'notes', 'note ' || md5(n::text))
    from generate_series(1, ${rows}::int) n`;
  await sql`update collections set record_count = ${rows} where id = ${collectionId}`;
  await sql`vacuum analyze records`;
}

async function measured<T>(what: string, act: () => Promise<T>): Promise<T> {
  let best = Infinity;
  for (let run = 1; ; run++) {
    const started = performance.now();
    const result = await act();
    best = Math.min(best, performance.now() - started);
    if (run === 3) {
      report(what, best);
      return result;
    }
  }
}

function report(what: string, milliseconds: number): void {
  process.stdout.write(`${what.padEnd(40)}${milliseconds.toFixed(0).padStart(8)} ms\n`);
}
