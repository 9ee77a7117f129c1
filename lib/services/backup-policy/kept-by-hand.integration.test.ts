import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { applyRetention } from "@/lib/services/backup-policy/apply-retention";
import { previewPolicy } from "@/lib/services/backup-policy/preview-policy";
import { putPolicy } from "@/lib/services/backup-policy/put-policy";
import { requestDueRuns, runScheduled } from "@/lib/services/backup-policy/run-due";
import { atNoonOfTheIdes, insertMade, standing } from "@/lib/services/backup-policy/testing";
import { deleteBackup, undeleteBackup } from "@/lib/services/backups/delete-backup";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";
import type { ServiceContext } from "@/lib/services/context";
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
  atNoonOfTheIdes(bench);
});

const DAY_MS = 86_400_000;
const LAST_ONE = BackupPolicyBody.parse({ retention: { keepLast: 1 } });

async function reasonsOf(input = LAST_ONE): Promise<Map<string, string[]>> {
  const { keep } = await previewPolicy(ctx, input);
  return new Map(keep.map(({ id, reasons }) => [id, reasons.map(({ rule }) => rule)]));
}

describe("a backup that its owner took back", () => {
  it("stays, with what it goes on from, until its owner deletes it again", async () => {
    const full = await insertMade(ctx, 9);
    const child = await insertMade(ctx, 8, { parentId: full });
    const newest = await insertMade(ctx, 1);
    await putPolicy(ctx, LAST_ONE);
    expect(await applyRetention(ctx)).toBe(2);
    expect(await standing(ctx)).toEqual([newest]);

    expect((await undeleteBackup(ctx, child)).keptByHandAt).not.toBeNull();
    expect(await applyRetention(ctx)).toBe(0);
    expect(await standing(ctx)).toEqual([newest, child, full]);
    expect(await reasonsOf()).toEqual(
      new Map([
        [newest, ["last"]],
        [child, ["byHand"]],
        [full, ["ancestor"]],
      ]),
    );

    expect((await deleteBackup(ctx, child, { dependents: false })).keptByHandAt).toBeNull();
    expect(await applyRetention(ctx)).toBe(1);
    expect(await standing(ctx)).toEqual([newest]);
    // What came back only because something went on from it is not kept by hand.
    await undeleteBackup(ctx, full);
    expect(await applyRetention(ctx)).toBe(0);
    expect(await standing(ctx)).toEqual([newest, full]);
  });

  it("is not marked when there was nothing to take back", async () => {
    const id = await insertMade(ctx, 9);
    expect((await undeleteBackup(ctx, id)).keptByHandAt).toBeNull();
  });
});

describe("a wrong clock", () => {
  it("that went ahead and was set back removes nothing that it should not", async () => {
    const real = [await insertMade(ctx, 2), await insertMade(ctx, 1)];
    const ahead = await insertMade(ctx, -200);
    const policy = BackupPolicyBody.parse({ retention: { keepLast: 1, keepWithin: 30 } });
    await putPolicy(ctx, policy);
    expect(await applyRetention(ctx)).toBe(0);
    expect(await reasonsOf(policy)).toEqual(
      new Map([
        [ahead, ["clock"]],
        [real[1], ["last", "within"]],
        [real[0], ["within"]],
      ]),
    );
  });

  it("that was set back does not make the newest state the oldest backup", async () => {
    const right = await insertMade(ctx, 1, { snapshot: "100:100:" });
    const wrong = await insertMade(ctx, 900, { snapshot: "200:200:" });
    await putPolicy(ctx, LAST_ONE);
    expect(await applyRetention(ctx)).toBe(0);
    expect(await reasonsOf()).toEqual(
      new Map([
        [right, ["last"]],
        [wrong, ["newestState"]],
      ]),
    );
  });

  it("that was set back while a backup was deleted does not take the time to take it back", async () => {
    const id = await insertMade(ctx, 1);
    bench.clock.shiftMilliseconds -= 800 * DAY_MS;
    await deleteBackup(ctx, id, { dependents: false });
    atNoonOfTheIdes(bench);
    await removeDeletedBackups(ctx);
    expect(await undeleteBackup(ctx, id)).toMatchObject({ deletedAt: null });
    expect(await standing(ctx)).toEqual([id]);
  });

  it("that went ahead does not stop scheduled backups once it is set back", async () => {
    const schedule = { frequency: "daily" as const, time: "03:00", timeZone: "Europe/Berlin" };
    await putPolicy(ctx, BackupPolicyBody.parse({ schedule }));
    bench.clock.shiftMilliseconds += 200 * DAY_MS;
    expect(await requestDueRuns(ctx)).toBe(1);
    expect(await runScheduled(ctx, ctx.now())).not.toBeNull();
    atNoonOfTheIdes(bench);
    expect(await requestDueRuns(ctx)).toBe(0);
    const runAt = new Date(ctx.now().getTime() - 1_000);
    expect(await runScheduled(ctx, runAt)).not.toBeNull();
    expect(await runScheduled(ctx, runAt)).toBeNull();
  });
});
