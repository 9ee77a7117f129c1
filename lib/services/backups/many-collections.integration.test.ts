import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { runCheck } from "@/lib/services/backups/run-check";
import { runDrill } from "@/lib/services/backups/run-drill";
import { contentOf, makeBackup, stateOf, stateOfDatabase } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

/** More than are read together; every tenth is empty, and the records of a few are more than are read together. */
const COLLECTIONS = 2_300;

async function fill(ctx: ServiceContext): Promise<void> {
  await ctx.db.sql`
    insert into collections (id, owner_id, name, fields, key_fields)
    select gen_random_uuid(), ${ctx.ownerId}, 'Collection ' || n, '[{"name":"title","type":"text"}]', '{}'
    from generate_series(1, ${COLLECTIONS}::int) n`;
  await ctx.db.sql`
    insert into records (collection_id, id, owner_id, data)
    select c.id, gen_random_uuid(), ${ctx.ownerId}, jsonb_build_object('title', 'línea ' || n)
    from collections c, generate_series(1, case
      when name like '%0' then 0 when name in ('Collection 3', 'Collection 4') then 12000 else length(name) % 4 end) n
    where c.owner_id = ${ctx.ownerId}`;
}

async function verify(ctx: ServiceContext, id: string) {
  const { checkJobId } = await checkBackup(ctx, id, {});
  await runCheck(ctx, id, checkJobId!);
  return (await getBackup(ctx, id)).lastVerified;
}

describe("an account with very many collections", () => {
  it("is backed up whole, gone on from, verified and drilled", async () => {
    const ctx = await bench.newUser();
    await fill(ctx);
    const full = await makeBackup(ctx);
    const { manifest, collections } = await contentOf(ctx, full);
    expect(collections.size).toBe(COLLECTIONS);
    expect(manifest.collections).toHaveLength(COLLECTIONS);
    expect(await stateOf(ctx, full.id)).toEqual(await stateOfDatabase(ctx));
    await ctx.db.sql`
      update records set data = '{"title":"changed"}', changed_xid = pg_current_xact_id()
      where owner_id = ${ctx.ownerId} and get_byte(uuid_send(id), 15) % 3 = 0`;
    await ctx.db
      .sql`delete from records where owner_id = ${ctx.ownerId} and get_byte(uuid_send(id), 15) % 5 = 0`;
    const child = await makeBackup(ctx, { type: "incremental" });
    expect(await stateOf(ctx, child.id)).toEqual(await stateOfDatabase(ctx));
    expect(await verify(ctx, child.id)).toMatchObject({ outcome: "sound" });
    expect(await runDrill(ctx, child.id)).toEqual({ outcome: "sound", depth: "content" });
  });
});

describe("an account without anything", () => {
  it.each([0, 3])(
    "but %i empty collections is backed up, gone on from, verified and drilled",
    async (count) => {
      const ctx = await bench.newUser();
      await ctx.db.sql`
      insert into collections (id, owner_id, name, fields, key_fields)
      select gen_random_uuid(), ${ctx.ownerId}, 'Empty ' || n, '[]', '{}' from generate_series(1, ${count}::int) n`;
      for (const type of ["full", "incremental"] as const) {
        const { id } = await makeBackup(ctx, { type });
        expect(await stateOf(ctx, id)).toEqual(new Map());
        expect(await verify(ctx, id)).toMatchObject({ outcome: "sound" });
        expect(await runDrill(ctx, id)).toEqual({ outcome: "sound", depth: "content" });
        expect((await getBackup(ctx, id)).counts).toMatchObject({ collections: count, records: 0 });
      }
    },
  );
});
