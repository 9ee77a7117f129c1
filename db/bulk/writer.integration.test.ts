import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, type Database } from "@/db/client";
import { createTestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";
import { claimWriter } from "./writer";

let db: Database;
let close: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = connect(database.url);
  close = async () => {
    await db.close();
    await database.drop();
  };
});
afterAll(() => close());

async function newImport(ownerId: string, collectionId: string): Promise<string> {
  const id = newId();
  await db.sql`insert into imports (id, owner_id, upload_id, file_name, job_id, collection_id, detection, mapping, options,
      id_prefix, state)
    values (${id}, ${ownerId}, ${newId()}, 'f', ${newId()}, ${collectionId}, '{}', '[]', '{}', ${id.slice(0, -8)}, 'staging')`;
  return id;
}

describe("claiming a collection", () => {
  it("is refused to whoever waited while another claimed it", async () => {
    const ownerId = newId();
    const collectionId = newId();
    await db.sql`insert into users (id, email, password_hash) values (${ownerId}, ${`${ownerId}@example.org`}, '-')`;
    await db.sql`insert into collections (id, owner_id, name, fields, key_fields)
      values (${collectionId}, ${ownerId}, 'c', '[]', '{}')`;
    const [a, b] = [await newImport(ownerId, collectionId), await newImport(ownerId, collectionId)];
    let second: Promise<string> | undefined;
    await db.sql.begin(async (tx) => {
      expect(await claimWriter(tx, collectionId, a, 0)).toBe("claimed");
      await tx`update imports set state = 'applying' where id = ${a}`;
      second = db.sql.begin((other) => claimWriter(other, collectionId, b, 0));
      // Until the other waits for the lock.
      for (let waiting = 0; waiting === 0;) {
        const [row] = await db.sql<{ count: number }[]>`
          select count(*)::int8 as count from pg_locks l join pg_stat_activity s using (pid)
          where not l.granted and s.datname = current_database()`;
        waiting = row?.count ?? 0;
      }
    });
    expect(await second).toBe("busy");
  });
});
