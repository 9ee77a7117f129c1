import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { getPreferences } from "@/lib/services/notifications/get-preferences";
import { listNotifications } from "@/lib/services/notifications/list-notifications";
import { putPreferences } from "@/lib/services/notifications/put-preferences";
import { tellRestores } from "@/lib/services/notifications/tell-restores";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
  await ctx.db.sql`delete from restores`;
});

interface Ended {
  state: string;
  seconds: number;
  hoursAgo?: number;
  failure?: object;
}

/** A restore as one that was carried out in so many seconds stands in the table. */
async function insertEnded({ state, seconds, hoursAgo = 0, failure }: Ended): Promise<string> {
  const id = newId();
  const ended = new Date(Date.now() - 5_000 - hoursAgo * 3_600_000);
  const began = new Date(ended.getTime() - seconds * 1_000);
  const result = { added: 3, changed: 2, deleted: 1 };
  const { sql } = ctx.db;
  await sql`
    insert into restores (id, owner_id, job_id, file_name, scope, strategy, state, created_at, started_at, finished_at,
                          failure, result)
    values (${id}, ${ctx.ownerId}, ${newId()}, 'x.age', '{"collections":"all"}', 'skip', ${state}, ${began}, ${began},
            ${ended}, ${failure ? sql.json(failure as never) : null}, ${failure ? null : sql.json(result)})`;
  return id;
}

const notices = async (user = ctx) => (await listNotifications(user, { limit: 50, unread: false })).items;

it("tells of restores that took a minute or longer and ended today, once", async () => {
  const done = await insertEnded({ state: "completed", seconds: 61 });
  const message = "The disk is full. Nothing was changed.";
  const failed = await insertEnded({ state: "rolled_back", seconds: 600, failure: { code: "x", message } });
  await insertEnded({ state: "completed", seconds: 59 });
  await insertEnded({ state: "completed", seconds: 600, hoursAgo: 25 });
  await insertEnded({ state: "cancelled", seconds: 600 });
  expect(await tellRestores(ctx)).toBe(2);
  expect(await tellRestores(ctx)).toBe(0);
  const told = await notices();
  expect(told).toHaveLength(2);
  expect(told.find(({ subjectId }) => subjectId === done)).toMatchObject({
    kind: "restore-finished",
    message: "3 records came back, 2 were changed, 1 removed. It can be undone from its page.",
    mail: "none",
  });
  expect(told.find(({ subjectId }) => subjectId === failed)).toMatchObject({
    kind: "restore-failed",
    message,
  });
  expect(await notices(await bench.newUser())).toEqual([]);
});

it("tells those nothing who want to know nothing", async () => {
  const { topics } = await getPreferences(ctx);
  await putPreferences(ctx, { topics: { ...topics, "restore-ended": { inApp: false, byMail: false } } });
  await insertEnded({ state: "completed", seconds: 61 });
  expect(await tellRestores(ctx)).toBe(0);
  expect(await notices()).toEqual([]);
});
