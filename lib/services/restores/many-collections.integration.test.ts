import { afterAll, beforeAll, expect, it } from "vitest";
import { PreviewRestoreBody } from "@/lib/contracts/restores";
import { makeBackup, stateOfDatabase } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { previewBackup } from "@/lib/services/restores/preview";
import { carryOutPlan, makePlan, takeBack } from "@/lib/services/restores/testing";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

/** More than are read in one transaction, and than progress is told of at once; every tenth is empty. */
const COLLECTIONS = 230;

async function fill({ ownerId, db: { sql } }: ServiceContext): Promise<void> {
  await sql`
    insert into collections (id, owner_id, name, fields, key_fields, record_count)
    select gen_random_uuid(), ${ownerId}, 'Collection ' || n, '[{"name":"title","type":"text"}]', '{}', n % 10
    from generate_series(1, ${COLLECTIONS}::int) n`;
  await sql`
    insert into records (collection_id, id, owner_id, data)
    select c.id, gen_random_uuid(), ${ownerId}, jsonb_build_object('title', 'línea ' || n)
    from collections c, generate_series(1, c.record_count) n where c.owner_id = ${ownerId}`;
}

/** What the records say, by collection and id: versions and times tell of the restore as well. */
async function titles(ctx: ServiceContext): Promise<Map<string, unknown>> {
  return new Map([...(await stateOfDatabase(ctx))].map(([key, { data }]) => [key, data]));
}

it("an account with very many collections comes back whole, and goes again", async () => {
  const ctx = await bench.newUser();
  await fill(ctx);
  const backedUp = await titles(ctx);
  const { id: backupId } = await makeBackup(ctx);
  // Some go, of some a record changes, and some stay as they are.
  await ctx.db.sql`
    delete from collections where owner_id = ${ctx.ownerId} and get_byte(uuid_send(id), 0) % 3 = 0`;
  await ctx.db.sql`
    with changed as (
      update records set data = '{"title":"changed"}', version = version + 1, changed_xid = pg_current_xact_id()
      where owner_id = ${ctx.ownerId} and get_byte(uuid_send(collection_id), 0) % 3 = 1
        and get_byte(uuid_send(id), 15) % 4 = 0
      returning collection_id)
    update collections set revision = revision + 1 where id in (select collection_id from changed)`;
  const since = await titles(ctx);
  expect(since.size).toBeLessThan(backedUp.size);

  const plan = await makePlan(ctx, await previewBackup(ctx, backupId, PreviewRestoreBody.parse({})));
  expect(plan).toMatchObject({ state: "ready", failure: null });
  const statuses = new Set(plan.perCollection.map(({ status }) => status));
  expect([plan.perCollection.length, ...[...statuses].sort()]).toEqual([
    COLLECTIONS,
    "changed",
    "missing",
    "same",
  ]);
  expect(await carryOutPlan(ctx, plan.id)).toMatchObject({ state: "completed" });
  expect(await titles(ctx)).toEqual(backedUp);
  expect(await takeBack(ctx, plan.id)).toMatchObject({ state: "undone" });
  expect(await titles(ctx)).toEqual(since);
});
