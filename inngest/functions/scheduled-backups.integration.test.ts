import { afterAll, beforeAll, expect, it } from "vitest";
import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { newId } from "@/lib/platform/ids";
import { applyRetention } from "@/lib/services/backup-policy/apply-retention";
import { getPolicy } from "@/lib/services/backup-policy/get-policy";
import { putPolicy } from "@/lib/services/backup-policy/put-policy";
import { requestDueRuns } from "@/lib/services/backup-policy/run-due";
import { listBackups } from "@/lib/services/backups/get-backup";
import type { ServiceContext } from "@/lib/services/context";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const POLICY = BackupPolicyBody.parse({
  schedule: { frequency: "hourly", time: "00:10", timeZone: "Asia/Seoul" },
  retention: { keepLast: 1 },
});

const backupsOf = async (ctx: ServiceContext) =>
  (await listBackups(ctx, { limit: 50, deleted: false })).items;

/** As if its hour had come just now: a backup made since an hour that has passed would do for it. */
async function makeDue(ctx: ServiceContext): Promise<void> {
  await ctx.db.sql`update backup_policies set next_run_at = ${new Date()} where owner_id = ${ctx.ownerId}`;
}

async function finished(ctx: ServiceContext, count: number) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const backups = await backupsOf(ctx);
    if (backups.length === count && backups.every((b) => b.state === "completed")) return backups;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return backupsOf(ctx);
}

it("makes a backup for each due user and for nobody else, a chain, and then what the policy keeps", async () => {
  const [due, alsoDue, notDue] = [await app.newUser(), await app.newUser(), await app.newUser()];
  for (const user of [due, alsoDue, notDue]) await putPolicy(user, POLICY);
  await makeDue(due);
  await makeDue(alsoDue);
  expect(await requestDueRuns(due)).toBe(2);
  const [first] = await finished(due, 1);
  expect(first).toMatchObject({ state: "completed", type: "full", reason: "schedule" });
  expect(await finished(alsoDue, 1)).toHaveLength(1);
  expect(await backupsOf(notDue)).toEqual([]);
  expect(await getPolicy(due)).toMatchObject({ isOverdue: false, lastSuccessAt: first!.finishedAt });

  await due.db.sql`
    insert into collections (id, owner_id, name, fields, key_fields)
    values (${newId()}, ${due.ownerId}, 'Later', '[]', '{}')`;
  await makeDue(due);
  expect(await requestDueRuns(due)).toBe(1);
  const [second] = await finished(due, 2);
  expect(second).toMatchObject({ type: "incremental", parentId: first!.id, reason: "schedule" });
  // The newest goes on from the first: both stay.
  expect(await applyRetention(due)).toBe(0);
  expect(await backupsOf(due)).toHaveLength(2);
});
