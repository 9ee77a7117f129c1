import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BackupManifest } from "@/lib/core/backups/manifest";
import { newId } from "@/lib/platform/ids";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { runCheck } from "@/lib/services/backups/run-check";
import { runDrill } from "@/lib/services/backups/run-drill";
import {
  contentOf,
  fillCategories,
  intoFormat1,
  makeBackup,
  rewriteBackup,
  stateOf,
  TITLE_RULE,
} from "@/lib/services/backups/testing";
import { createCollection } from "@/lib/services/collections/create";
import { resetMatching, saveMatching } from "@/lib/services/collections/matching";
import type { ServiceContext } from "@/lib/services/context";
import { createRecord } from "@/lib/services/records/create";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
});

async function shelf() {
  return createCollection(ctx, { name: "Shelf", fields: [{ name: "title", type: "text" }] });
}

async function verified(id: string) {
  const { checkJobId } = await checkBackup(ctx, id, {});
  await runCheck(ctx, id, checkJobId!);
  return (await getBackup(ctx, id)).lastVerified;
}

const SOUND = { outcome: "sound", depth: "content" };

describe("the categories of an account in its backup", () => {
  it("are what its person has set, was told, and the figures of their collections", async () => {
    await fillCategories(ctx, 2);
    await ctx.db.sql`insert into notices (id, owner_id, kind, fact, title, message, in_app)
      values (${newId()}, ${ctx.ownerId}, 'backup-made', 'mailed', 'Mailed', 'only', false)`;
    const { id } = await shelf();
    await saveMatching(ctx, id, TITLE_RULE);
    await createRecord(ctx, id, { data: { title: "A" } });
    const row = await makeBackup(ctx);
    const { categories } = await contentOf(ctx, row);
    expect(categories.preferences).toEqual([
      { setting: "delivery", about: "export-finished", value: { inApp: false, byMail: true } },
      { setting: "matchingRule", about: id, value: expect.objectContaining({ threshold: 1000 }) as object },
      { setting: "name", about: "", value: 'Nguyễn "Ada"' },
    ]);
    expect(categories.notifications).toMatchObject([
      { kind: "backup-made", mail: "sent", createdAt: "2026-01-01T00:00:00.123Z", readAt: null },
      {
        createdAt: "2026-01-02T00:00:00.123Z",
        message: expect.stringMatching(/tabs,\nlines, "quotes"/) as string,
      },
    ]);
    expect(categories.analytics).toMatchObject([
      { collectionId: id, collection: "Shelf", fields: 1, records: 1, imported: 0, byHand: 1 },
    ]);
    expect((await getBackup(ctx, row.id)).counts).toMatchObject({
      preferences: 3,
      notifications: 2,
      analytics: 1,
    });
    expect(await verified(row.id)).toMatchObject(SOUND);
    expect(await runDrill(ctx, row.id)).toEqual(SOUND);
  });

  it("are whole in each backup of a chain", async () => {
    await fillCategories(ctx, 3);
    const { id } = await shelf();
    await saveMatching(ctx, id, TITLE_RULE);
    const full = await makeBackup(ctx);
    await ctx.db
      .sql`delete from notices where id = (select id from notices where owner_id = ${ctx.ownerId} limit 1)`;
    await resetMatching(ctx, id);
    const child = await makeBackup(ctx, { type: "incremental" });
    expect(child.counts).toMatchObject({ preferences: 2, notifications: 2, analytics: 1 });
    expect((await contentOf(ctx, child, full)).categories.notifications).toHaveLength(2);
    expect(await runDrill(ctx, child.id)).toEqual(SOUND);
  });

  it("are streamed: more notifications than one part holds", async () => {
    await fillCategories(ctx, 20_000);
    const row = await makeBackup(ctx);
    const { manifest } = await contentOf(ctx, row);
    const parts = manifest.parts.filter(({ kind }) => kind === "notifications");
    expect(parts.length).toBeGreaterThan(1);
    expect(Math.max(...parts.map(({ sizeBytes }) => sizeBytes))).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(manifest.counts.notifications).toBe(20_000);
    expect(await runDrill(ctx, row.id)).toEqual(SOUND);
  });
});

describe("a trial restore", () => {
  it("finds a category that is not what it had been", async () => {
    await fillCategories(ctx, 2);
    const row = await makeBackup(ctx);
    await rewriteBackup(ctx, row, (name, bytes) => {
      if (name !== "manifest.json") return bytes;
      const manifest = JSON.parse(bytes.toString()) as BackupManifest;
      const categories = manifest.categories!.map((one) =>
        one.category === "notifications" ? { ...one, fingerprint: "7" } : one,
      );
      return Buffer.from(JSON.stringify({ ...manifest, categories }));
    });
    expect(await verified(row.id)).toMatchObject(SOUND);
    expect(await runDrill(ctx, row.id)).toMatchObject({
      outcome: "unsound",
      code: "restores-differently",
      message: "Restored for a trial, notifications were not what they had been.",
    });
  });
});

describe("a backup of format 1", () => {
  it("is verified and drilled, and gone on from by one of format 2", async () => {
    await fillCategories(ctx, 2);
    const { id } = await shelf();
    await createRecord(ctx, id, { data: { title: "A" } });
    const old = await intoFormat1(ctx, await makeBackup(ctx));
    expect((await contentOf(ctx, old)).manifest).toMatchObject({ formatVersion: 1, counts: { records: 1 } });
    expect(await verified(old.id)).toMatchObject(SOUND);
    expect(await runDrill(ctx, old.id)).toEqual(SOUND);
    await createRecord(ctx, id, { data: { title: "B" } });
    const child = await makeBackup(ctx, { type: "incremental" });
    expect(child).toMatchObject({
      kind: "incremental",
      parent_id: old.id,
      counts: { records: 1, notifications: 2 },
    });
    expect((await stateOf(ctx, child.id)).size).toBe(2);
    expect(await verified(child.id)).toMatchObject(SOUND);
    expect(await runDrill(ctx, child.id)).toEqual(SOUND);
  });
});
