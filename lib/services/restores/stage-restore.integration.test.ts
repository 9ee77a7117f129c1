import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stagingTable } from "@/db/bulk/staging";
import { findParts } from "@/db/queries/restores";
import { PreviewRestoreBody } from "@/lib/contracts/restores";
import { makeBackup } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { getJob } from "@/lib/services/jobs/get-job";
import { openRestore } from "@/lib/services/restores/open-restore";
import { previewBackup } from "@/lib/services/restores/preview";
import { rollBackRestore } from "@/lib/services/restores/roll-back";
import { stageRestore } from "@/lib/services/restores/stage-restore";
import { carryOutPlan, makePlan } from "@/lib/services/restores/testing";
import { requireRestore } from "@/lib/services/restores/view";
import { createTestBench, type TestBench } from "@/lib/services/testing";

const RECORDS = 60;

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
});

/** A restore that is about to be staged, from a full backup and one that goes on from it. */
async function opened(): Promise<{ id: string; jobId: string }> {
  const { sql } = ctx.db;
  await sql`
    insert into collections (id, owner_id, name, fields, key_fields, record_count)
    values (gen_random_uuid(), ${ctx.ownerId}, 'Things', '[{"name":"title","type":"text"}]', '{}', ${RECORDS})`;
  await sql`
    insert into records (collection_id, id, owner_id, data)
    select id, gen_random_uuid(), ${ctx.ownerId}, jsonb_build_object('title', 'record ' || n)
    from collections, generate_series(1, ${RECORDS}::int) n where owner_id = ${ctx.ownerId}`;
  await makeBackup(ctx, { type: "full" });
  await change("second");
  await sql`
    delete from records where id = (
      select id from records where owner_id = ${ctx.ownerId} order by id desc limit 1)`;
  const backup = await makeBackup(ctx, { type: "incremental" });
  expect(backup.kind).toBe("incremental");
  await change("third");
  const { id, jobId } = await previewBackup(ctx, backup.id, PreviewRestoreBody.parse({}));
  await openRestore(ctx, id);
  return { id, jobId };
}

const change = (word: string) => ctx.db.sql`
  update records set data = jsonb_build_object('title', ${word}::text || n), version = version + 1,
    changed_xid = pg_current_xact_id()
  from (select id, row_number() over (order by id) as n from records where owner_id = ${ctx.ownerId} limit 9) chosen
  where records.id = chosen.id`;

/** An attempt that hangs when it opens its n-th file, until it is let go. */
async function hungAt(file: number, id: string) {
  let [reached, goOn] = [() => undefined as void, () => undefined as void];
  const isThere = new Promise<void>((resolve) => (reached = resolve));
  const held = new Promise<void>((resolve) => (goOn = resolve));
  let opened = 0;
  const storage: ServiceContext["storage"] = {
    ...ctx.storage,
    async *read(...args) {
      if (++opened === file) {
        reached();
        await held;
      }
      yield* ctx.storage.read(...args);
    },
  };
  const attempt = stageRestore({ ...ctx, storage }, id);
  await Promise.race([isThere, attempt]);
  expect(opened).toBe(file);
  return async () => {
    goOn();
    return await attempt;
  };
}

/** Every table that holds something staged for the restore, with what is in it. */
async function stagedNow(id: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const part of await findParts(ctx.db, id)) {
    const own = stagingTable(part.id).slice(-32);
    const tables = await ctx.db.sql<{ name: string; oid: number }[]>`
      select relname as name, oid::int8 as oid from pg_class
      where relnamespace = 'staging'::regnamespace and relkind = 'r' and relname like ${`%${own}`} order by relname`;
    for (const { name, oid } of tables) {
      const [content] = await ctx.db.sql.unsafe(
        `select count(*)::int8 as rows, md5(string_agg(t::text, '' order by t::text)) as hash from staging.${name} t`,
      );
      found[name] = { oid, ...content };
    }
  }
  return found;
}

describe.each([1, 2])("an attempt that hung when it opened file %i and wakes up", (file) => {
  it("beside a restore that a later one has staged and that is planned changes nothing", async () => {
    const { id, jobId } = await opened();
    const wake = await hungAt(file, id);
    expect((await makePlan(ctx, { id })).state).toBe("ready");
    const before = {
      staged: await stagedNow(id),
      row: await requireRestore(ctx, id),
      parts: await findParts(ctx.db, id),
      job: await getJob(ctx, jobId),
    };
    expect(Object.keys(before.staged).length).toBeGreaterThan(1);
    expect(await wake()).toEqual({ rows: 0 });
    expect({
      staged: await stagedNow(id),
      row: await requireRestore(ctx, id),
      parts: await findParts(ctx.db, id),
      job: await getJob(ctx, jobId),
    }).toEqual(before);
    expect((await carryOutPlan(ctx, id)).state).toBe("completed");
    const titles = await ctx.db.sql<{ title: string }[]>`
      select data ->> 'title' as title from records where owner_id = ${ctx.ownerId}`;
    expect(titles).toHaveLength(RECORDS - 1);
    expect(titles.filter(({ title }) => title.startsWith("second"))).toHaveLength(9);
  });

  it("while a later one is at work leaves it alone", async () => {
    const { id } = await opened();
    const wakeFirst = await hungAt(file, id);
    const wakeSecond = await hungAt(2, id);
    const before = await stagedNow(id);
    expect(await wakeFirst()).toEqual({ rows: 0 });
    expect(await stagedNow(id)).toEqual(before);
    expect((await wakeSecond()).rows).toBeGreaterThan(0);
    expect((await makePlan(ctx, { id })).state).toBe("ready");
  });

  it("after the restore has been cancelled leaves nothing behind", async () => {
    const { id, jobId } = await opened();
    const wake = await hungAt(file, id);
    await rollBackRestore(ctx, id, { kind: "cancelled" });
    expect(await wake()).toEqual({ rows: 0 });
    expect(await stagedNow(id)).toEqual({});
    expect(await getJob(ctx, jobId)).toMatchObject({ state: "cancelled" });
  });
});
