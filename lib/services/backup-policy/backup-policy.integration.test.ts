import { generateHybridIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findBackupPolicy } from "@/db/queries/backup-policies";
import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { applyRetention } from "@/lib/services/backup-policy/apply-retention";
import { getPolicy } from "@/lib/services/backup-policy/get-policy";
import { previewPolicy } from "@/lib/services/backup-policy/preview-policy";
import { putPolicy } from "@/lib/services/backup-policy/put-policy";
import { requestDueRuns, runScheduled } from "@/lib/services/backup-policy/run-due";
import { atNoonOfTheIdes, insertMade, standing } from "@/lib/services/backup-policy/testing";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
let ctx: ServiceContext;

beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.newUser().then((user) => (ctx = user));
  await ctx.db.sql`delete from backup_policies`;
  bench.clock.shiftMilliseconds = 0;
  bench.events.length = 0;
});

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const daily = { frequency: "daily" as const, time: "03:00", timeZone: "Europe/Berlin" };
const policy = (input: object) => BackupPolicyBody.parse(input);

describe("a backup policy", () => {
  it("is a proposal that does nothing until somebody sets it, and then what was set", async () => {
    expect(await getPolicy(ctx)).toMatchObject({ schedule: null, nextRunAt: null, isOverdue: false });
    const input = policy({ schedule: daily, retention: { keepLast: 3, keepWithin: "P30D" }, fullEvery: 5 });
    const set = await putPolicy(ctx, input);
    expect(set).toMatchObject({ ...input, lastRunAt: null, isOverdue: false });
    expect(Date.parse(set.nextRunAt!)).toBeGreaterThan(Date.now());
    expect(await getPolicy(ctx)).toEqual(set);
    expect(await getPolicy(await bench.newUser())).toMatchObject({ schedule: null });
    expect(await putPolicy(ctx, policy({ schedule: null }))).toMatchObject({
      schedule: null,
      nextRunAt: null,
    });
  });

  it.each([
    [{ schedule: { ...daily, timeZone: "Mars/Olympus" } }, "no such time zone"],
    [{ schedule: { ...daily, time: "24:00" } }, "HH:MM"],
    [{ retention: { keepLast: -1 } }, "expected number to be >=0"],
    [{ retention: { keepWithin: "PT5H" } }, "neither a number of days"],
    [{ encryption: { mode: "passphrase", passphrase: "a secret of mine" } }, "ask nobody for a passphrase"],
    [{ fullEvery: 0 }, "expected number to be >=1"],
  ])("is refused in words: %j", (input, words) => {
    const { error } = BackupPolicyBody.safeParse(input);
    expect(error?.issues.map((issue) => issue.message).join(" ")).toContain(words);
  });

  it("refuses a recipient that is no key of age, and takes post-quantum ones", async () => {
    const encryption = { mode: "recipients", recipients: ["age1nonsense"] };
    await expect(putPolicy(ctx, policy({ schedule: daily, encryption }))).rejects.toMatchObject({
      status: 422,
    });
    const recipients = [await identityToRecipient(await generateHybridIdentity())];
    const taken = await putPolicy(ctx, policy({ encryption: { mode: "recipients", recipients } }));
    expect(taken.encryption).toEqual({ mode: "recipients", recipients });
  });
});

describe("retention", () => {
  beforeEach(() => atNoonOfTheIdes(bench));

  it("previews what it then does, and touches nobody else's", async () => {
    const stranger = await bench.newUser();
    const full = await insertMade(ctx, 10);
    const first = await insertMade(ctx, 9, { parentId: full });
    const second = await insertMade(ctx, 8, { parentId: first });
    const lone = await insertMade(ctx, 4);
    const newest = await insertMade(ctx, 1, { parentId: first });
    const other = [await insertMade(stranger, 10), await insertMade(stranger, 9)];
    const input = policy({ retention: { keepLast: 1 }, schedule: daily });
    const preview = await previewPolicy(ctx, input);
    expect(preview.keep.map(({ id, reasons }) => [id, reasons.map((r) => r.text)])).toEqual([
      [newest, ["the newest"]],
      [first, ["a backup that is kept goes on from it"]],
      [full, ["a backup that is kept goes on from it"]],
    ]);
    expect(preview.remove.map(({ id }) => id)).toEqual([lone, second]);
    expect(preview.removeBytes).toBe(2_000);
    expect(preview.nextRuns).toHaveLength(5);
    expect(await standing(ctx)).toHaveLength(5);

    expect(await applyRetention(ctx)).toBe(0);
    await putPolicy(ctx, input);
    expect(await applyRetention(ctx)).toBe(2);
    expect(await standing(ctx)).toEqual([newest, first, full]);
    expect(await standing(stranger)).toEqual(other.toReversed());
    expect(await applyRetention(ctx)).toBe(0);
    const [row] = await ctx.db.sql<{ days: number }[]>`
      select extract(day from remove_at - deleted_at)::int as days from backups where id = ${lone}`;
    expect(row).toEqual({ days: 7 });
  });

  it("keeps what a backup that is being made goes on from, and does not count failed ones", async () => {
    const full = await insertMade(ctx, 10);
    const newest = await insertMade(ctx, 1);
    await insertMade(ctx, 0, { parentId: full, state: "processing" });
    await insertMade(ctx, 0, { state: "failed" });
    const preview = await previewPolicy(ctx, policy({ retention: { keepLast: 1 } }));
    expect(preview.keep.map(({ id }) => id)).toEqual([newest, full]);
    expect(preview.keep[1]!.reasons).toEqual([
      { rule: "running", text: "a backup that is being made goes on from it" },
    ]);
    expect(preview.remove).toEqual([]);
  });

  it("holds while the schedule is paused", async () => {
    await insertMade(ctx, 10);
    const newest = await insertMade(ctx, 1);
    await putPolicy(ctx, policy({ retention: { keepLast: 1 }, schedule: daily, paused: true }));
    expect(await applyRetention(ctx)).toBe(1);
    expect(await standing(ctx)).toEqual([newest]);
  });

  it("with nothing said keeps everything", async () => {
    await insertMade(ctx, 400);
    await putPolicy(ctx, policy({}));
    expect(await applyRetention(ctx)).toBe(0);
  });
});

describe("scheduled runs", () => {
  const runsSent = () => bench.events.filter((event) => event.name === "backup/scheduled");

  it("are asked for once each, and once for all that were missed", async () => {
    const set = await putPolicy(ctx, policy({ schedule: daily }));
    expect(await requestDueRuns(ctx)).toBe(0);
    bench.clock.shiftMilliseconds = Date.parse(set.nextRunAt!) - Date.now() + 1_000;
    expect(await requestDueRuns(ctx)).toBe(1);
    expect(await requestDueRuns(ctx)).toBe(0);
    expect(runsSent()[0]).toMatchObject({ data: { ownerId: ctx.ownerId, runAt: set.nextRunAt } });
    bench.clock.shiftMilliseconds += 10 * DAY_MS;
    expect(await requestDueRuns(ctx)).toBe(1);
    expect(new Set(runsSent().map((event) => event.id)).size).toBe(2);
    const later = await getPolicy(ctx);
    expect(Date.parse(later.nextRunAt!)).toBeGreaterThan(ctx.now().getTime());
    // The one that was missed ten days long has not succeeded either.
    expect(later.isOverdue).toBe(true);
  });

  it("are not lost to a clock that went ahead and was set back", async () => {
    await putPolicy(ctx, policy({ schedule: daily }));
    bench.clock.shiftMilliseconds = 200 * DAY_MS;
    expect(await requestDueRuns(ctx)).toBe(1);
    bench.clock.shiftMilliseconds = 0;
    expect(await requestDueRuns(ctx)).toBe(0);
    expect(Date.parse((await getPolicy(ctx)).nextRunAt!)).toBeLessThan(Date.now() + 2 * DAY_MS);
  });

  it("make one backup, though the step runs twice, and none when the schedule is gone", async () => {
    await putPolicy(ctx, policy({ schedule: daily, fullEvery: 3 }));
    const runAt = new Date(Date.now() - 1_000);
    const id = await runScheduled(ctx, runAt);
    expect(await runScheduled(ctx, runAt)).toBeNull();
    const rows = await ctx.db.sql`
      select id, reason, full_every from backups where owner_id = ${ctx.ownerId}`;
    expect(rows).toEqual([{ id, reason: "schedule", full_every: 3 }]);
    expect(bench.events.map((event) => event.name)).toEqual(["backup/requested"]);
    await putPolicy(ctx, policy({ schedule: null }));
    expect(await runScheduled(ctx, new Date(Date.now() + HOUR_MS))).toBeNull();
  });

  it("are neither asked for nor made while paused, nor is anything late; after it the next one is planned", async () => {
    const set = await putPolicy(ctx, policy({ schedule: daily }));
    bench.clock.shiftMilliseconds = Date.parse(set.nextRunAt!) - Date.now() + 1_000;
    expect(await requestDueRuns(ctx)).toBe(1);
    const asked = new Date(set.nextRunAt!);
    const paused = await putPolicy(ctx, policy({ schedule: daily, paused: true }));
    expect(paused).toMatchObject({ schedule: daily, paused: true, nextRunAt: null, isOverdue: false });
    // The run that was asked for in the moment before is not made either.
    expect(await runScheduled(ctx, asked)).toBeNull();
    bench.clock.shiftMilliseconds += 10 * DAY_MS;
    expect(await requestDueRuns(ctx)).toBe(0);
    expect((await getPolicy(ctx)).isOverdue).toBe(false);
    expect((await previewPolicy(ctx, policy({ schedule: daily, paused: true }))).nextRuns).toEqual([]);

    const again = await putPolicy(ctx, policy({ schedule: daily }));
    expect(again).toMatchObject({ paused: false, isOverdue: false });
    expect(Date.parse(again.nextRunAt!)).toBeGreaterThan(ctx.now().getTime());
    expect(await requestDueRuns(ctx)).toBe(0);
    bench.clock.shiftMilliseconds += DAY_MS;
    expect(await requestDueRuns(ctx)).toBe(1);
    bench.clock.shiftMilliseconds += 2 * HOUR_MS;
    expect((await getPolicy(ctx)).isOverdue).toBe(true);
  });

  it("of many users begin apart from one another, each always at the same time", async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => bench.newUser()));
    for (const user of users) await putPolicy(user, policy({ schedule: daily }));
    const times = await Promise.all(
      users.map(async (user) => (await findBackupPolicy(user.db.sql, user.ownerId))!.next_run_at!.getTime()),
    );
    expect(new Set(times).size).toBeGreaterThan(15);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(15 * 60_000);
    const again = await putPolicy(users[0]!, policy({ schedule: daily }));
    expect(Date.parse(again.nextRunAt!)).toBe(times[0]);
  });
});
