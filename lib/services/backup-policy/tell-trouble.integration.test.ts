import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { noteDrill } from "@/db/queries/backups";
import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { putPolicy } from "@/lib/services/backup-policy/put-policy";
import { tellTrouble } from "@/lib/services/backup-policy/tell-trouble";
import { atNoonOfTheIdes, insertMade } from "@/lib/services/backup-policy/testing";
import { deleteBackup } from "@/lib/services/backups/delete-backup";
import type { ServiceContext } from "@/lib/services/context";
import { watchUser, type StreamEvent } from "@/lib/services/jobs/watch-jobs";
import { listNotifications } from "@/lib/services/notifications/list-notifications";
import { readNotification } from "@/lib/services/notifications/read-notification";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
  await ctx.db.sql`delete from backup_policies`;
  await ctx.db.sql`delete from notices`;
  atNoonOfTheIdes(bench);
});

const HOUR_MS = 3_600_000;
const hourly = BackupPolicyBody.parse({
  schedule: { frequency: "hourly", time: "00:00", timeZone: "Europe/Berlin" },
});
const told = async (user = ctx) => (await listNotifications(user, { limit: 50, unread: false })).items;
const kinds = async () => (await told()).map(({ kind }) => kind);

/** A scheduled backup that has ended just now. */
async function scheduledRun(state: "completed" | "failed", failure: object | null = null): Promise<string> {
  const id = await insertMade(ctx, 0, { state });
  await ctx.db.sql`
    update backups set reason = 'schedule', finished_at = ${ctx.now()}, failure = ${ctx.db.sql.json(failure as never)}
    where id = ${id}`;
  await ctx.db
    .sql`update backup_policies set last_run_at = ${ctx.now()}, next_run_at = ${ctx.now()}::timestamptz + interval '1 hour'`;
  return id;
}
const later = (ms: number) => (bench.clock.shiftMilliseconds += ms);

describe("scheduled backups", () => {
  it("that fail are told of once, however many fail in a row, and so is the success after them", async () => {
    const stranger = await bench.newUser();
    await putPolicy(ctx, hourly);
    await scheduledRun("completed");
    expect(await tellTrouble(ctx)).toBe(0);
    later(HOUR_MS);
    const full = { code: "storage-full", message: "The disk that files are stored on is full." };
    const failed = await scheduledRun("failed", full);
    expect(await tellTrouble(ctx)).toBe(1);
    for (let i = 0; i < 30; i++) {
      later(HOUR_MS);
      await scheduledRun("failed", full);
      expect(await tellTrouble(ctx)).toBe(0);
    }
    const [notice, ...others] = await told();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      kind: "backup-failed",
      subjectId: failed,
      readAt: null,
      resolvedAt: null,
    });
    expect(notice!.message).toBe(
      "The backup of 15 March 2028 at 14:00 (Europe/Berlin) was not made. The disk that files are stored on is full. " +
        "Make room there, or let your retention rules keep fewer backups. Ferry tries again by itself on " +
        "15 March 2028 at 15:00 (Europe/Berlin). You will hear when a backup succeeds again.",
    );
    later(HOUR_MS);
    const success = await scheduledRun("completed");
    expect(await tellTrouble(ctx)).toBe(1);
    expect(await tellTrouble(ctx)).toBe(0);
    const [news, old] = await told();
    expect(news).toMatchObject({ kind: "backup-well-again", subjectId: success });
    expect(old!.resolvedAt).not.toBeNull();
    later(HOUR_MS);
    await scheduledRun("failed", full);
    expect(await tellTrouble(ctx)).toBe(1);
    expect(await told(stranger)).toEqual([]);
  });

  it("that never come are told of within the hour after their grace, once", async () => {
    await putPolicy(ctx, hourly);
    await scheduledRun("completed");
    later(2 * HOUR_MS + 1_000);
    expect(await tellTrouble(ctx)).toBe(1);
    later(100 * HOUR_MS);
    expect(await tellTrouble(ctx)).toBe(0);
    const [notice] = await told();
    expect(notice).toMatchObject({ kind: "backup-overdue", subjectId: null });
    expect(notice!.message).toContain(
      "The last one that succeeded is of 15 March 2028 at 13:00 (Europe/Berlin).",
    );
    // A failure now is the same trouble.
    await scheduledRun("failed");
    expect(await tellTrouble(ctx)).toBe(0);
    later(HOUR_MS);
    await scheduledRun("completed");
    expect(await tellTrouble(ctx)).toBe(1);
    expect(await kinds()).toEqual(["backup-well-again", "backup-overdue"]);
  });

  it("are not late while they are paused, nor at once when the pause is over", async () => {
    await putPolicy(ctx, hourly);
    await scheduledRun("completed");
    later(3 * HOUR_MS);
    expect(await tellTrouble(ctx)).toBe(1);
    await putPolicy(ctx, { ...hourly, paused: true });
    expect(await tellTrouble(ctx)).toBe(0);
    expect((await told())[0]!.resolvedAt).not.toBeNull();
    later(100 * HOUR_MS);
    expect(await tellTrouble(ctx)).toBe(0);
    await putPolicy(ctx, hourly);
    expect(await tellTrouble(ctx)).toBe(0);
    later(3 * HOUR_MS);
    expect(await tellTrouble(ctx)).toBe(1);
    expect(await kinds()).toEqual(["backup-overdue", "backup-overdue"]);
  });

  it("are waited for while one is being made, and for nobody when the schedule is gone", async () => {
    await putPolicy(ctx, hourly);
    await scheduledRun("completed");
    const running = await insertMade(ctx, 0, { state: "processing" });
    later(5 * HOUR_MS);
    expect(await tellTrouble(ctx)).toBe(0);
    await ctx.db.sql`delete from backups where id = ${running}`;
    expect(await tellTrouble(ctx)).toBe(1);
    await putPolicy(ctx, BackupPolicyBody.parse({ schedule: null }));
    expect(await tellTrouble(ctx)).toBe(0);
    expect((await told())[0]!.resolvedAt).not.toBeNull();
    expect(await kinds()).toEqual(["backup-overdue"]);
  });
});

describe("a backup that was found unsound", () => {
  const unsound = {
    outcome: "unsound" as const,
    depth: "content" as const,
    code: "damaged",
    message: "It is damaged.",
  };

  it("by a drill is told of once, and again when it turns out sound", async () => {
    const id = await insertMade(ctx, 1);
    await insertMade(ctx, 0, { parentId: id });
    await noteDrill(ctx.db.sql, id, unsound, ctx.now());
    expect(await tellTrouble(ctx)).toBe(1);
    expect(await tellTrouble(ctx)).toBe(0);
    const [notice] = await told();
    expect(notice).toMatchObject({ kind: "backup-unsound", subjectId: id });
    expect(notice!.message).toContain("It is damaged. Backups that go on from it cannot be restored either.");
    await noteDrill(ctx.db.sql, id, { outcome: "sound", depth: "content" }, ctx.now());
    expect(await tellTrouble(ctx)).toBe(1);
    expect(await kinds()).toEqual(["backup-well-again", "backup-unsound"]);
  });

  it("and deleted then is no trouble any more", async () => {
    const id = await insertMade(ctx, 1);
    await noteDrill(ctx.db.sql, id, unsound, ctx.now());
    expect(await tellTrouble(ctx)).toBe(1);
    await deleteBackup(ctx, id, { dependents: false });
    expect(await tellTrouble(ctx)).toBe(0);
    expect((await told())[0]).toMatchObject({
      kind: "backup-unsound",
      resolvedAt: expect.any(String) as string,
    });
  });
});

it("tells of a clock that went ahead, until it has caught up", async () => {
  await putPolicy(ctx, BackupPolicyBody.parse({}));
  await insertMade(ctx, -2);
  expect(await tellTrouble(ctx)).toBe(1);
  expect(await tellTrouble(ctx)).toBe(0);
  expect((await told())[0]!.message).toContain("dated 17 March 2028 at 12:00 (UTC), which is still to come");
  later(48 * HOUR_MS);
  expect(await tellTrouble(ctx)).toBe(0);
  expect((await told())[0]!.resolvedAt).not.toBeNull();
});

it("reaches the user's stream live and in its order, and can be read and paged", async () => {
  const stop = new AbortController();
  const stream = (await watchUser(ctx, undefined, stop.signal))[Symbol.asyncIterator]();
  expect((await stream.next()).value).toMatchObject({ event: "connected" });
  const next = stream.next();
  const id = await insertMade(ctx, 1);
  await noteDrill(ctx.db.sql, id, { outcome: "unsound", depth: "content", message: "Gone." }, ctx.now());
  await tellTrouble(ctx);
  const event = (await next).value as StreamEvent;
  const [notice] = await told();
  expect(event).toMatchObject({ event: "notification", data: notice });
  await noteDrill(ctx.db.sql, id, { outcome: "sound", depth: "content" }, ctx.now());
  await tellTrouble(ctx);
  expect(((await stream.next()).value as StreamEvent).id).toBeGreaterThan(event.id);
  stop.abort();

  const page = await listNotifications(ctx, { limit: 1, unread: true });
  expect(page.items).toHaveLength(1);
  const rest = await listNotifications(ctx, { limit: 1, unread: true, cursor: page.nextCursor! });
  expect(rest).toMatchObject({ items: [{ id: notice!.id }], nextCursor: null });
  expect((await readNotification(ctx, notice!.id)).readAt).not.toBeNull();
  expect((await listNotifications(ctx, { limit: 9, unread: true })).items).toHaveLength(1);
  await expect(readNotification(await bench.newUser(), notice!.id)).rejects.toMatchObject({ status: 404 });
});
