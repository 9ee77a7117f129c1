import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { at, library } from "@/inngest/functions/testing/library";
import { backUp, carryOut, contentOf, plan, planUploaded, run } from "@/inngest/functions/testing/restores";
import { findBackup } from "@/db/queries/backups";
import { env } from "@/lib/platform/env";
import { keptKeys } from "@/lib/services/backups/keys";
import { fillCategories, intoFormat1, stored, TITLE_RULE } from "@/lib/services/backups/testing";
import { createCollection } from "@/lib/services/collections/create";
import { getMatching, resetMatching, saveMatching } from "@/lib/services/collections/matching";
import type { ServiceContext } from "@/lib/services/context";
import { removeOldJobs } from "@/lib/services/jobs/remove-old-jobs";
import { listNotifications } from "@/lib/services/notifications/list-notifications";
import { putPreferences } from "@/lib/services/notifications/put-preferences";
import { getPreferences } from "@/lib/services/notifications/get-preferences";
import { createRecord } from "@/lib/services/records/create";
import { deleteRecord } from "@/lib/services/records/delete";
import { forgetExpiredRestores } from "@/lib/services/restores/forget-expired";
import { previewRestoreRedo, previewRestoreUndo } from "@/lib/services/restores/undo";
import { getRestore, requireRestore } from "@/lib/services/restores/view";

const FIXTURES = path.resolve("lib/services/backups/fixtures/format-2");
const fixture = (name: string) => readFileSync(path.join(FIXTURES, name));
const DAY_MS = 86_400_000;
const EVERYTHING = ["preferences", "notifications"] as const;

let app: TestApp;
let ctx: ServiceContext;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  ctx = await app.newUser();
});

/** All that the categories of an account come from. */
async function accountOf(of: ServiceContext) {
  const { sql } = of.db;
  const [user] = await sql<{ name: string | null }[]>`select name from users where id = ${of.ownerId}`;
  return {
    name: user!.name,
    deliveries: [
      ...(await sql`select topic, in_app, by_mail from notification_preferences where owner_id = ${of.ownerId} order by topic`),
    ],
    rules: [...(await sql`select id, matching from collections where owner_id = ${of.ownerId} order by id`)],
    notices: (await noticesOf(of)).map(({ id }) => id),
  };
}

async function noticesOf(of: ServiceContext) {
  return (await listNotifications(of, { limit: 200, unread: false })).items;
}

/** An account with categories, its backup, and what became of them since. */
async function changedSince() {
  const { books, records } = await library(ctx);
  await fillCategories(ctx, 3);
  await saveMatching(ctx, books.id, TITLE_RULE);
  const then = await accountOf(ctx);
  const backupId = await backUp(ctx);
  await ctx.db.sql`update users set name = 'Bea' where id = ${ctx.ownerId}`;
  await resetMatching(ctx, books.id);
  const { topics } = await getPreferences(ctx);
  await putPreferences(ctx, { topics: { ...topics, "export-finished": { inApp: true, byMail: true } } });
  await ctx.db.sql`delete from notices where owner_id = ${ctx.ownerId} and id <> ${then.notices[0]!}`;
  return { books, records, backupId, then, now: await accountOf(ctx) };
}

describe("the plan of a restore", () => {
  it("lays the categories beside today's, and takes none back into the same account by itself", async () => {
    const { books, backupId, now } = await changedSince();
    const { id, categories } = await plan(ctx, backupId);
    const topics = Object.keys((await getPreferences(ctx)).topics);
    expect(categories).toMatchObject([
      // Topics that were not set then are as well.
      {
        category: "preferences",
        inBackup: 3,
        today: 1 + topics.length,
        differing: 2 + topics.length,
        chosen: false,
      },
      { category: "notifications", inBackup: 3, today: 1, differing: 2, chosen: false, restorable: true },
      { category: "analytics", inBackup: 1, today: 1, differing: 0, chosen: false, restorable: false },
    ]);
    expect(categories![0]!.differences).toContainEqual({
      setting: "name",
      about: "",
      name: null,
      backup: 'Nguyễn "Ada"',
      today: "Bea",
    });
    expect(categories![0]!.differences).toContainEqual({
      setting: "delivery",
      about: "export-finished",
      name: null,
      backup: { inApp: false, byMail: true },
      today: { inApp: true, byMail: true },
    });
    expect(categories![0]!.differences).toContainEqual({
      setting: "matchingRule",
      about: books.id,
      name: "Books",
      backup: expect.objectContaining({ threshold: 1000 }) as object,
      today: null,
    });
    const done = await carryOut(ctx, id);
    expect(done.result).toMatchObject({ preferences: 0, notifications: 0 });
    expect(await accountOf(ctx)).toEqual(now);
  });

  it("takes them from the newest of a chain", async () => {
    await changedSince();
    const child = await backUp(ctx, { type: "incremental" });
    expect((await findBackup(ctx.db.sql, child))!.kind).toBe("incremental");
    const { categories } = await plan(ctx, child);
    expect(categories).toMatchObject([{ differing: 0 }, { inBackup: 1, differing: 0 }, { inBackup: 1 }]);
  });

  it("has none when the backup is of format 1, and says so to whoever asks for them", async () => {
    const { records, books } = await library(ctx);
    await fillCategories(ctx, 1);
    const backupId = await backUp(ctx);
    await intoFormat1(ctx, await stored(ctx, backupId));
    await deleteRecord(ctx, at(books, records[0]!), undefined);
    const preview = await plan(ctx, backupId, { categories: ["preferences"] });
    expect(preview).toMatchObject({ state: "ready", categories: [], counts: { add: 1 } });
    expect(preview.warnings).toMatchObject([expect.stringMatching(/collections alone/)]);
    await expect(carryOut(ctx, preview.id, { categories: ["notifications"] })).rejects.toMatchObject({
      status: 422,
      message: expect.stringMatching(/collections alone/) as string,
    });
    expect((await carryOut(ctx, preview.id)).result).toMatchObject({ added: 1, preferences: 0 });
  });
});

describe("restored categories", () => {
  it("are what they were, and with an undo and a redo what they were before and after it", async () => {
    const { books, records, backupId, then, now } = await changedSince();
    await deleteRecord(ctx, at(books, records[0]!), undefined);
    const { id } = await plan(ctx, backupId);
    const done = await carryOut(ctx, id, { categories: [...EVERYTHING] });
    const topics = Object.keys((await getPreferences(ctx)).topics).length;
    expect(done.result).toMatchObject({ added: 1, preferences: topics + 2, notifications: 2 });
    const restored = await accountOf(ctx);
    expect(restored).toMatchObject({ name: then.name, deliveries: then.deliveries, rules: then.rules });
    expect(new Set(restored.notices)).toEqual(new Set(then.notices));
    expect(await getMatching(ctx, books.id)).toMatchObject({ isDefault: false });

    expect((await previewRestoreUndo(ctx, await requireRestore(ctx, id))).categories).toEqual({
      preferences: topics + 2,
      preferencesChangedSince: 0,
      notifications: 2,
    });
    expect((await run(ctx, id, "undo")).undo).toMatchObject({ preferences: topics + 2, notifications: 2 });
    expect(await accountOf(ctx)).toEqual(now);

    expect((await previewRestoreRedo(ctx, await requireRestore(ctx, id))).categories.notifications).toBe(2);
    expect(await run(ctx, id, "redo")).toMatchObject({ state: "completed", undo: { notifications: 2 } });
    expect(await accountOf(ctx)).toEqual(restored);
    await run(ctx, id, "undo");
    expect(await accountOf(ctx)).toEqual(now);
  });

  it("are restored and undone also where no record differs", async () => {
    const { backupId, now } = await changedSince();
    const { id, counts } = await plan(ctx, backupId, { categories: ["notifications"] });
    expect(counts).toMatchObject({ add: 0, change: 0, delete: 0 });
    expect((await carryOut(ctx, id)).result).toMatchObject({ preferences: 0, notifications: 2 });
    expect((await accountOf(ctx)).name).toBe("Bea");
    expect(await run(ctx, id, "undo")).toMatchObject({ state: "undone" });
    expect(await accountOf(ctx)).toEqual(now);
    await expect(run(ctx, id, "undo")).rejects.toMatchObject({ code: "already-undone" });
  });

  it("that were changed since are kept by an undo, unless it is told to revert", async () => {
    const { backupId, now } = await changedSince();
    const { id } = await plan(ctx, backupId);
    await carryOut(ctx, id, { categories: ["preferences"] });
    const rename = (name: string) => ctx.db.sql`update users set name = ${name} where id = ${ctx.ownerId}`;
    await rename("Cleo");
    const preview = await previewRestoreUndo(ctx, await requireRestore(ctx, id));
    expect(preview.categories).toMatchObject({ preferencesChangedSince: 1 });
    await run(ctx, id, "undo");
    expect(await accountOf(ctx)).toEqual({ ...now, name: "Cleo" });
    await run(ctx, id, "redo");
    await rename("Dora");
    await run(ctx, id, "undo", "revert");
    expect(await accountOf(ctx)).toEqual(now);
  });

  it("are nowhere when the restore is taken back", async () => {
    const words = await createCollection(ctx, { name: "Words", fields: [{ name: "word", type: "text" }] });
    const word = await createRecord(ctx, words.id, { data: { word: "one" } });
    const { books, records, backupId } = await changedSince();
    await deleteRecord(ctx, at(words, word), undefined);
    await deleteRecord(ctx, at(books, records[0]!), undefined);
    const before = [await accountOf(ctx), await contentOf(ctx)];
    const { id } = await plan(ctx, backupId);
    await ctx.db.sql.unsafe(`
      create function refuse() returns trigger language plpgsql as $$ begin
        if new.collection_id = '${books.id}' then raise exception 'no' using errcode = '22023'; end if;
        return new; end $$;
      create trigger refuse before insert on records for each row execute function refuse()`);
    const failed = await carryOut(ctx, id, { categories: [...EVERYTHING] }).finally(() =>
      ctx.db.sql.unsafe("drop function refuse cascade"),
    );
    expect(failed.state).toBe("rolled_back");
    expect([await accountOf(ctx), await contentOf(ctx)]).toEqual(before);
    expect(await entriesKept(id)).toBe(0);
  });

  it("come back as history: read, over, at their place, told to nobody, and for their time", async () => {
    const { backupId } = await changedSince();
    const { id } = await plan(ctx, backupId, { categories: ["notifications"] });
    await ctx.db.sql`update notices set read_at = now() where owner_id = ${ctx.ownerId}`;
    await carryOut(ctx, id);
    const listed = await noticesOf(ctx);
    expect(listed.map(({ createdAt }) => createdAt.slice(0, 10))).toEqual([
      "2026-01-03",
      "2026-01-02",
      "2026-01-01",
    ]);
    expect(listed.every(({ readAt, resolvedAt }) => readAt !== null && resolvedAt !== null)).toBe(true);
    expect(listed.every(({ mail }) => mail === "sent")).toBe(true);
    const first = await listNotifications(ctx, { limit: 2, unread: false });
    expect(first.unreadCount).toBe(0);
    const rest = await listNotifications(ctx, { limit: 2, unread: false, cursor: first.nextCursor! });
    expect([...first.items, ...rest.items]).toEqual(listed);
    // Older than what is kept, all of them: but only that was there all the while is forgotten.
    await removeOldJobs({ ...ctx, now: () => new Date() });
    expect(await noticesOf(ctx)).toHaveLength(2);
    await removeOldJobs({ ...ctx, now: () => new Date(Date.now() + (env().JOB_DAYS + 1) * DAY_MS) });
    expect(await noticesOf(ctx)).toHaveLength(0);
  });

  it("are forgotten together with the undo", async () => {
    const { backupId } = await changedSince();
    const { id } = await plan(ctx, backupId);
    await carryOut(ctx, id, { categories: [...EVERYTHING] });
    await forgetExpiredRestores(ctx);
    expect(await entriesKept(id)).toBeGreaterThan(2);
    await forgetExpiredRestores({ ...ctx, now: () => new Date(Date.now() + (env().UNDO_DAYS + 1) * DAY_MS) });
    expect(await entriesKept(id)).toBe(0);
  });
});

async function entriesKept(restoreId: string): Promise<number> {
  const [row] = await ctx.db.sql<[{ count: number }]>`
    select ((select count(*) from restore_settings where restore_id = ${restoreId})
      + (select count(*) from restore_notices where restore_id = ${restoreId}))::int as count`;
  return row.count;
}

describe("into another account", () => {
  async function uploaded(to: ServiceContext) {
    const row = await stored(ctx, (await changedSince()).backupId);
    const pieces: Uint8Array[] = [];
    for await (const piece of ctx.storage.read(row.storage_key)) pieces.push(piece);
    const uploadId = await app.upload(to, Buffer.concat(pieces), "theirs.age");
    return { uploadId, identity: (await keptKeys(ctx, ctx.ownerId))[0]!.identity };
  }

  it("everything comes along by itself, once, under ids of its own", async () => {
    const other = await app.newUser();
    const from = await uploaded(other);
    const preview = await planUploaded(other, from);
    expect(preview.categories).toMatchObject([
      { chosen: true },
      { chosen: true, differing: 3 },
      { chosen: false },
    ]);
    const done = await carryOut(other, preview.id);
    // The rule came with its collection.
    expect(done.result).toMatchObject({ preferences: 2, notifications: 3 });
    const account = await accountOf(other);
    expect(account).toMatchObject({ name: 'Nguyễn "Ada"', deliveries: [{ topic: "export-finished" }] });
    expect(account.rules).toMatchObject([{ matching: { threshold: 1000 } }]);
    const listed = await noticesOf(other);
    expect(listed.map(({ createdAt }) => createdAt.slice(0, 10))).toEqual([
      "2026-01-03",
      "2026-01-02",
      "2026-01-01",
    ]);
    expect((await planUploaded(other, from)).categories).toMatchObject([
      { differing: 0 },
      { differing: 0 },
      {},
    ]);
    expect(await noticesOf(ctx)).toHaveLength(1);
  });

  it("its own preferences are not replaced unless that is asked for, nor anything on a part of a restore", async () => {
    const other = await app.newUser();
    await other.db.sql`update users set name = 'Zoe' where id = ${other.ownerId}`;
    const from = await uploaded(other);
    const preview = await planUploaded(other, from);
    expect(preview.categories).toMatchObject([{ chosen: false }, { chosen: true }, {}]);
    const part = await planUploaded(other, { ...from, search: "Book" });
    expect(part.categories).toMatchObject([{ chosen: false }, { chosen: false }, {}]);
    const asked = await planUploaded(other, { ...from, categories: ["preferences"] });
    expect(asked.categories).toMatchObject([{ chosen: true }, { chosen: false }, {}]);
    await carryOut(other, preview.id, { categories: [] });
    expect(await accountOf(other)).toMatchObject({ name: "Zoe", deliveries: [], notices: [] });
  });
});

describe("a backup of format 2", () => {
  it("is restored into an empty account, to the moment of its last file", async () => {
    const uploadIds = [
      await app.upload(ctx, fixture("incremental.tar.gz.age"), "second.age"),
      await app.upload(ctx, fixture("full.tar.gz.age"), "first.age"),
    ];
    const preview = await planUploaded(ctx, {
      uploadIds,
      identity: fixture("identity.txt").toString().trim(),
    });
    expect(preview.failure).toBeNull();
    const { records, categories } = JSON.parse(fixture("state.json").toString()) as {
      records: Record<string, { id: string; data: object; version: number }[]>;
      categories: Record<string, { title: string; message: string; createdAt: string }[]>;
    };
    await carryOut(ctx, preview.id);
    const found = await ctx.db.sql<{ id: string; data: object; version: number }[]>`
      select id, data, version from records where owner_id = ${ctx.ownerId} order by collection_id, id`;
    expect([...found]).toEqual(
      Object.values(records)
        .flat()
        .map(({ id, data, version }) => ({ id, data, version })),
    );
    expect(await accountOf(ctx)).toMatchObject({
      name: 'Nguyễn "Ada"',
      deliveries: [{ topic: "export-finished" }],
    });
    const told = (await noticesOf(ctx)).toReversed();
    expect(told.map(({ title, message, createdAt }) => ({ title, message, createdAt }))).toEqual(
      categories.notifications!.map(({ title, message, createdAt }) => ({ title, message, createdAt })),
    );
    expect((await getRestore(ctx, preview.id)).result).toMatchObject({ preferences: 2, notifications: 3 });
  });
});
