import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { createTestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";
import { ensureJournalStatistics, ensureStatistics } from "./statistics";

let db: Database;
let close: () => Promise<void>;
const ownerId = newId();

beforeAll(async () => {
  const database = await createTestDatabase();
  db = connect(database.url);
  close = async () => {
    await db.close();
    await database.drop();
  };
  // Autovacuum must not come first.
  await db.sql`alter table records set (autovacuum_enabled = false)`;
  await db.sql`alter table journal_entries set (autovacuum_enabled = false)`;
  await db.sql`insert into users (id, email, password_hash) values (${ownerId}, 'a@example.org', '-')`;
});
afterAll(() => close());

async function newCollection(records: number): Promise<{ id: string; recordCount: number }> {
  const id = newId();
  await db.sql`insert into collections (id, owner_id, name, fields, key_fields) values (${id}, ${ownerId}, 'c', '[]', '{}')`;
  await db.sql`insert into records (collection_id, id, owner_id, data)
    select ${id}, gen_random_uuid(), ${ownerId}, '{}' from generate_series(1, ${records}::int)`;
  return { id, recordCount: records };
}

async function newJournal(entries: number): Promise<string> {
  const id = newId();
  await db.sql`insert into journal_entries (import_id, chunk, record_id, op, before, before_version, before_created_at,
      before_updated_at)
    select ${id}, 0, gen_random_uuid(), 'update', '{}', 1, now(), now() from generate_series(1, ${entries}::int)`;
  return id;
}

async function expectedRows(condition: string): Promise<number> {
  const [row] = await db.sql.unsafe<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }[]>(
    `explain (format json) select from ${condition}`,
  );
  return row!["QUERY PLAN"][0].Plan["Plan Rows"];
}

describe("the server's statistics", () => {
  it("know a collection that has just been filled beside one they knew", async () => {
    await newCollection(20_000);
    await db.sql`analyze records`;
    const fresh = await newCollection(20_000);
    const rows = () => expectedRows(`records where collection_id = '${fresh.id}'`);
    expect(await rows()).toBeLessThan(100);
    await ensureStatistics(db.sql, fresh);
    expect(await rows()).toBeGreaterThan(10_000);
  });

  it("know the journal of an import that has just ended", async () => {
    await newJournal(20_000);
    await db.sql`analyze journal_entries`;
    const id = await newJournal(20_000);
    const rows = () => expectedRows(`journal_entries where import_id = '${id}'`);
    expect(await rows()).toBeLessThan(100);
    await ensureJournalStatistics(db.sql, { of: "import", id, entries: 20_000 });
    expect(await rows()).toBeGreaterThan(10_000);
  });
});
