import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BackupPolicyBody } from "@/lib/contracts/backup-policy";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { env } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import { putPolicy } from "@/lib/services/backup-policy/put-policy";
import { tellTrouble } from "@/lib/services/backup-policy/tell-trouble";
import { createBackup } from "@/lib/services/backups/create-backup";
import { deleteBackup } from "@/lib/services/backups/delete-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";
import { runBackup } from "@/lib/services/backups/run-backup";
import { makeBackup } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { listNotifications } from "@/lib/services/notifications/list-notifications";
import { getPreferences } from "@/lib/services/notifications/get-preferences";
import { putPreferences } from "@/lib/services/notifications/put-preferences";
import { describeStorage } from "@/lib/services/storage/describe";
import { createTestBench, type TestBench } from "@/lib/services/testing";

const QUOTA_BYTES = 60_000;
const DAY_MS = 86_400_000;

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  process.env.BACKUP_BYTES_PER_USER_MAX = String(QUOTA_BYTES);
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.clock.shiftMilliseconds = 0;
  ctx = await bench.newUser();
});

/** Records that a backup needs about so many bytes for: hexadecimal digits, which halve when they are packed. */
async function addRecords(bytes: number): Promise<void> {
  const id = newId();
  await ctx.db.sql`
    insert into collections (id, owner_id, name, fields, key_fields) values (${id}, ${ctx.ownerId}, 'Things', '[]', '{}')`;
  await ctx.db.sql`
    insert into records (id, owner_id, collection_id, data)
    select gen_random_uuid(), ${ctx.ownerId}, ${id},
      jsonb_build_object('n', (select string_agg(md5(random()::text || j || i), '') from generate_series(1, 60) j))
    from generate_series(1, ${Math.ceil(bytes / 1_000)}) i`;
}

const ask = (input: object = {}) => createBackup(ctx, CreateBackupBody.parse({ type: "full", ...input }));
const quota = async (user = ctx) => (await describeStorage(user)).backupQuota;
const notices = async () => (await listNotifications(ctx, { limit: 50, unread: false })).items;
async function keys(id?: string): Promise<string[]> {
  const found: string[] = [];
  for await (const key of ctx.storage.list("backups/")) if (!id || key.includes(id)) found.push(key);
  return found.sort();
}

it("is the setting's, counted over one's own backups, and shown", async () => {
  expect(env().BACKUP_BYTES_PER_USER_MAX).toBe(QUOTA_BYTES);
  expect(await quota()).toEqual({ usedBytes: 0, maxBytes: QUOTA_BYTES });
  await addRecords(20_000);
  const first = await makeBackup(ctx, { type: "full" });
  expect(first.size_bytes).toBeGreaterThan(15_000);
  expect(await quota()).toEqual({ usedBytes: first.size_bytes, maxBytes: QUOTA_BYTES });
  expect((await quota(await bench.newUser()))?.usedBytes).toBe(0);
});

describe("a backup", () => {
  it("that grows over what is left ends with that reason, and leaves no object", async () => {
    await addRecords(35_000);
    const first = await makeBackup(ctx, { type: "full" });
    const before = await keys();
    const { id } = await ask();
    await runBackup(ctx, id);
    const failed = await getBackup(ctx, id);
    expect(failed).toMatchObject({ state: "failed", failure: { code: "backup-quota" } });
    expect(failed.failure?.message).toMatch(
      /^This backup is larger than the 2\d KB that were left of the 59 KB which your backups may take up\. Deleted backups count until/,
    );
    expect(await keys()).toEqual(before);
    expect(await quota()).toMatchObject({ usedBytes: first.size_bytes });
    // What it asked for by hand is told in the app, and never mailed.
    expect((await notices())[0]).toMatchObject({ kind: "backup-failed", subjectId: id, mail: "none" });
    // A small one still fits.
    expect((await makeBackup(ctx, { type: "incremental" })).kind).toBe("incremental");
  });

  it("that would begin when all is used is refused in words, until a deleted one is removed for good", async () => {
    await addRecords(50_000);
    const first = await makeBackup(ctx, { type: "full" });
    await ctx.db.sql`update backups set size_bytes = ${QUOTA_BYTES} where id = ${first.id}`;
    const refused = { status: 507, code: "backup-quota" };
    await expect(ask()).rejects.toMatchObject(refused);
    await expect(ask()).rejects.toThrow(
      "Your backups take up 59 KB, and 59 KB are what you may use. Deleted backups count until they are removed, seven days later.",
    );
    expect(await ctx.db.sql`select from backups where owner_id = ${ctx.ownerId}`).toHaveLength(1);
    await deleteBackup(ctx, first.id, { dependents: false });
    await expect(ask()).rejects.toMatchObject(refused);
    expect(await quota()).toMatchObject({ usedBytes: QUOTA_BYTES });
    bench.clock.shiftMilliseconds = 8 * DAY_MS;
    await removeDeletedBackups(ctx);
    expect(await quota()).toMatchObject({ usedBytes: 0 });
    expect((await makeBackup(ctx, { type: "full" })).state).toBe("completed");
  });

  it("that a restore makes first has room of its own: a full quota does not keep people from their restore's safety", async () => {
    await addRecords(20_000);
    const first = await makeBackup(ctx, { type: "full" });
    await ctx.db.sql`update backups set size_bytes = ${QUOTA_BYTES} where id = ${first.id}`;
    await expect(ask()).rejects.toMatchObject({ code: "backup-quota" });
    const safety = await makeBackup(ctx, { type: "full" }, { reason: "safety" });
    expect(safety.state).toBe("completed");
    // It takes nothing from the others, either.
    await ctx.db.sql`update backups set size_bytes = 1000 where id = ${first.id}`;
    expect(await quota()).toMatchObject({ usedBytes: 1_000 });
    expect((await makeBackup(ctx, { type: "full" })).state).toBe("completed");
    // It is bounded all the same.
    await ctx.db.sql`update backups set size_bytes = ${QUOTA_BYTES} where id = ${safety.id}`;
    await expect(
      createBackup(ctx, CreateBackupBody.parse({ type: "full" }), { reason: "safety" }),
    ).rejects.toThrow("Your safety backups take up 59 KB, and 59 KB are what you may use.");
  });

  it("of a schedule that finds no room fails as trouble with that reason, and that is over once there is room", async () => {
    await putPolicy(
      ctx,
      BackupPolicyBody.parse({ schedule: { frequency: "hourly", time: "00:00", timeZone: "UTC" } }),
    );
    await addRecords(20_000);
    const first = await makeBackup(ctx, { type: "full" });
    await ctx.db.sql`update backups set size_bytes = ${QUOTA_BYTES} where id = ${first.id}`;
    const scheduled = await createBackup(ctx, CreateBackupBody.parse({}), { reason: "schedule" });
    await runBackup(ctx, scheduled.id);
    expect(await keys(scheduled.id)).toEqual([]);
    await ctx.db.sql`
      update backups set finished_at = finished_at - interval '1 minute' where owner_id = ${ctx.ownerId}`;
    expect(await tellTrouble(ctx)).toBe(1);
    const [notice, ...others] = await notices();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ kind: "backup-failed", subjectId: scheduled.id, resolvedAt: null });
    expect(notice!.message).toContain(
      "was not made. Your backups take up 59 KB, and 59 KB are what you may use.",
    );
    await ctx.db.sql`update backups set size_bytes = 1000 where id = ${first.id}`;
    await makeBackup(ctx);
    bench.clock.shiftMilliseconds = 60_000;
    await tellTrouble(ctx);
    expect((await notices()).map(({ kind }) => kind)).toEqual(["backup-well-again", "backup-failed"]);
  });
});

it("is not told of a backup that was made, except to those who want to know", async () => {
  await addRecords(1_000);
  await makeBackup(ctx);
  expect(await notices()).toEqual([]);
  const { topics } = await getPreferences(ctx);
  const mailer = { send: () => Promise.resolve() };
  await putPreferences(ctx, { topics: { ...topics, "backup-made": { inApp: true, byMail: true } } });
  const [byHand, byItself, safety] = [
    await makeBackup({ ...ctx, mailer }),
    await makeBackup({ ...ctx, mailer }, {}, { reason: "schedule" }),
    await makeBackup({ ...ctx, mailer }, {}, { reason: "safety" }),
  ];
  expect(safety.state).toBe("completed");
  expect(
    (await notices()).map(({ kind, subjectId, mail, title }) => ({ kind, subjectId, mail, title })),
  ).toEqual([
    { kind: "backup-made", subjectId: byItself.id, mail: "due", title: "A scheduled backup was made" },
    { kind: "backup-made", subjectId: byHand.id, mail: "none", title: "Your backup was made" },
  ]);
});
