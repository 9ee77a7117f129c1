import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { at, change, library } from "@/inngest/functions/testing/library";
import { backUp, carryOut, contentOf, plan, stagedTables } from "@/inngest/functions/testing/restores";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { deleteCollection } from "@/lib/services/collections/delete";
import { getCollection } from "@/lib/services/collections/get";
import { updateCollection } from "@/lib/services/collections/update";
import { listConflicts } from "@/lib/services/imports/conflicts";
import { getJob } from "@/lib/services/jobs/get-job";
import { createRecord } from "@/lib/services/records/create";
import { deleteRecord } from "@/lib/services/records/delete";
import { getRecord } from "@/lib/services/records/get";
import { listRecords } from "@/lib/services/records/list";
import { cancelRestore } from "@/lib/services/restores/cancel";
import { getRestore, requireRestore } from "@/lib/services/restores/view";
import { newId } from "@/lib/platform/ids";

let app: TestApp;
let ctx: ServiceContext;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  ctx = await app.newUser();
});

describe("a restore of everything", () => {
  it("shows what it would do, does just that, and leaves what the backup held", async () => {
    const { books, records } = await library(ctx);
    const before = await contentOf(ctx);
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Changed" });
    await deleteRecord(ctx, at(books, records[1]!), undefined);
    await createRecord(ctx, books.id, { data: { title: "New" } });

    const preview = await plan(ctx, backupId);
    expect(preview.failure).toBeNull();
    expect(preview.state).toBe("ready");
    expect(preview.validation).toMatchObject({ outcome: "sound", records: 4, files: 1 });
    expect(preview.perCollection).toMatchObject([
      { add: 1, change: 1, delete: 1, unchanged: 2, conflicts: 0, name: "Books", status: "changed" },
    ]);
    expect(preview.perCollection[0]!.samples.map((s) => s.kind).sort()).toEqual(["add", "change", "delete"]);

    const done = await carryOut(ctx, preview.id);
    expect(done.failure).toBeNull();
    expect(done).toMatchObject({
      state: "completed",
      result: { added: 1, changed: 1, deleted: 1, unchanged: 2, skipped: 0 },
      safetySnapshot: { state: "made" },
    });
    expect(await contentOf(ctx)).toEqual(before);
    const source = { kind: "restore", restoreId: preview.id };
    expect(await getRecord(ctx, at(books, records[1]!))).toMatchObject({ source });
    const { items } = await listRecords(ctx, books.id, { limit: 10 });
    expect(items.map((record) => record.source.kind)).toEqual(["restore", "restore", "hand", "hand"]);
  });

  it("brings a deleted collection back under its id", async () => {
    const { books } = await library(ctx);
    const before = await contentOf(ctx);
    const backupId = await backUp(ctx);
    await deleteCollection(ctx, books.id);
    const preview = await plan(ctx, backupId);
    expect(preview.perCollection).toMatchObject([{ add: 4, status: "missing", collectionId: books.id }]);
    await carryOut(ctx, preview.id);
    expect(await contentOf(ctx)).toEqual(before);
  });
});

describe("strategies", () => {
  async function changed() {
    const { books, records } = await library(ctx);
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Mine", pages: null });
    await deleteRecord(ctx, at(books, records[1]!), undefined);
    await createRecord(ctx, books.id, { data: { title: "New" } });
    return { books, records, backupId };
  }
  const titles = async (books: { id: string }) =>
    (
      await ctx.db.sql<{ title: string; pages: number | null }[]>`
        select data ->> 'title' as title, (data ->> 'pages')::int as pages from records
        where collection_id = ${books.id} order by id`
    ).map(({ title, pages }) => `${title} ${pages ?? "-"}`);

  it("skip: adds what is missing and touches nothing else", async () => {
    const { books, backupId } = await changed();
    const preview = await plan(ctx, backupId, { globalStrategy: "skip" });
    expect(preview.counts).toMatchObject({
      add: 1,
      change: 0,
      delete: 0,
      unchanged: 3,
      conflicts: 0,
      differing: 1,
    });
    expect((await carryOut(ctx, preview.id)).result).toMatchObject({
      added: 1,
      changed: 0,
      deleted: 0,
      unchanged: 3,
    });
    expect(await titles(books)).toEqual(["Mine -", "Book 2 200", "Book 3 300", "Book 4 400", "New -"]);
  });

  it("merge: fills what is empty, and keeps what only today's side has changed", async () => {
    const { books, backupId } = await changed();
    const preview = await plan(ctx, backupId, { globalStrategy: "merge" });
    expect(preview.counts).toMatchObject({ add: 1, change: 1, delete: 0, unchanged: 2, conflicts: 0 });
    expect((await carryOut(ctx, preview.id)).result).toMatchObject({ added: 1, changed: 1, deleted: 0 });
    expect(await titles(books)).toEqual(["Mine 100", "Book 2 200", "Book 3 300", "Book 4 400", "New -"]);
  });

  it("can be another one than the plan was made with, and decided record by record", async () => {
    const { books, backupId } = await changed();
    const preview = await plan(ctx, backupId, { globalStrategy: "skip" });
    const { importId } = preview.perCollection[0]!;
    const conflicts = await listConflicts(ctx, importId!, { limit: 10 });
    expect(conflicts.items).toHaveLength(1);
    const conflictId = `${importId}:${conflicts.items[0]!.id}`;
    const done = await carryOut(ctx, preview.id, {
      globalStrategy: "overwrite",
      specificResolutions: [{ conflictId, resolution: "skip" }],
    });
    expect(done.result).toMatchObject({ added: 1, changed: 0, deleted: 1, unchanged: 3 });
    expect(await titles(books)).toEqual(["Mine -", "Book 2 200", "Book 3 300", "Book 4 400"]);
  });
});

describe("a plan", () => {
  it("is refused once records have changed, and leaves nothing", async () => {
    const { books, records } = await library(ctx);
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Changed" });
    const { id, jobId } = await plan(ctx, backupId);
    await change(ctx, books, records[1]!, { title: "Changed, too" });
    const before = await contentOf(ctx);
    await expect(carryOut(ctx, id)).rejects.toMatchObject({ code: "plan-stale", status: 409 });
    await expect(carryOut(ctx, id)).rejects.toMatchObject({ code: "plan-stale", status: 409 });
    expect(await contentOf(ctx)).toEqual(before);
    await expect.poll(() => stagedTables(ctx), { timeout: 10_000 }).toBe(0);
    expect((await getJob(ctx, jobId)).state).toBe("cancelled");
  });

  it("ends with nothing changed when a record is put back in the moment in which it is restored", async () => {
    const { books, records } = await library(ctx);
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Changed" });
    await deleteRecord(ctx, at(books, records[1]!), undefined);
    const { id } = await plan(ctx, backupId);
    // So late that the plan's revision does not tell.
    await ctx.db.sql`
      insert into records (collection_id, id, owner_id, data)
      values (${books.id}, ${records[1]!.id}, ${ctx.ownerId}, '{"title": "Put back"}')`;
    const before = await contentOf(ctx);
    const done = await carryOut(ctx, id);
    expect(done).toMatchObject({ result: null, failure: { code: "plan-stale" } });
    expect(await contentOf(ctx)).toEqual(before);
  });

  it("can be discarded", async () => {
    const { books, records } = await library(ctx);
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Changed" });
    const { id } = await plan(ctx, backupId);
    await cancelRestore(ctx, await requireRestore(ctx, id));
    expect(await getRestore(ctx, id)).toMatchObject({ state: "cancelled", failure: { code: "cancelled" } });
    await expect.poll(() => stagedTables(ctx), { timeout: 10_000 }).toBe(0);
    await expect(carryOut(ctx, id)).rejects.toMatchObject({ code: "plan-over" });
  });

  it("needs no import of a collection that is as it was", async () => {
    await library(ctx);
    const backupId = await backUp(ctx);
    const preview = await plan(ctx, backupId);
    expect(preview.perCollection).toMatchObject([{ status: "same", importId: null, unchanged: 4 }]);
    expect((await carryOut(ctx, preview.id)).result).toMatchObject({ added: 0, unchanged: 4 });
  });

  it("covers chosen collections, chosen records, or those that hold a text", async () => {
    const { books, records } = await library(ctx);
    const words = await createCollection(ctx, { name: "Words", fields: [{ name: "word", type: "text" }] });
    await createRecord(ctx, words.id, { data: { word: "one" } });
    const backupId = await backUp(ctx);
    await deleteCollection(ctx, words.id);
    for (const record of records) await deleteRecord(ctx, at(books, record), undefined);
    await createRecord(ctx, books.id, { data: { title: "New" } });

    const some = await plan(ctx, backupId, { recordIds: [records[2]!.id] });
    expect(some.counts).toMatchObject({ add: 1, delete: 0 });
    const found = await plan(ctx, backupId, { collections: [books.id], search: "BOOK 4" });
    expect(found.perCollection).toMatchObject([{ name: "Books", add: 1, delete: 0 }]);
    const whole = await plan(ctx, backupId, { collections: [books.id] });
    expect(whole.perCollection).toMatchObject([{ name: "Books", add: 4, delete: 1 }]);
    expect((await carryOut(ctx, found.id)).result).toMatchObject({ added: 1, deleted: 0 });
    expect(Object.keys(await contentOf(ctx))).toEqual([books.id]);
    const missing = await plan(ctx, backupId, { collections: [newId()] });
    expect(missing.failure?.code).toBe("collection-not-in-backup");
  });
});

describe("a chain", () => {
  it("is restored to the moment of the backup that is chosen", async () => {
    const { books, records } = await library(ctx);
    await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Second" });
    await deleteRecord(ctx, at(books, records[1]!), undefined);
    const then = await contentOf(ctx);
    const second = await backUp(ctx, { type: "incremental" });
    await change(ctx, books, records[0]!, { title: "Third" });
    await createRecord(ctx, books.id, { data: { title: "Third's" } });
    const third = await backUp(ctx, { type: "incremental" });
    await deleteCollection(ctx, books.id);

    const latest = await plan(ctx, third);
    expect(latest).toMatchObject({ validation: { files: 3 }, counts: { add: 4 } });
    const preview = await plan(ctx, second);
    expect(preview).toMatchObject({ validation: { files: 2 }, counts: { add: 3 } });
    await carryOut(ctx, preview.id);
    expect(await contentOf(ctx)).toEqual(then);
  });

  it("goes on after a collection has come back only with a full backup", async () => {
    const { books, records } = await library(ctx);
    const first = await backUp(ctx);
    const extra = await createRecord(ctx, books.id, { data: { title: "Not in the first" } });
    await backUp(ctx, { type: "incremental" });
    await deleteCollection(ctx, books.id);
    await carryOut(ctx, (await plan(ctx, first)).id);
    const now = await contentOf(ctx);
    const latest = await backUp(ctx, { type: "incremental" });
    await change(ctx, books, records[0]!, { title: "x" });
    await carryOut(ctx, (await plan(ctx, latest)).id);
    expect(await contentOf(ctx)).toEqual(now);
    expect(JSON.stringify(now)).not.toContain(extra.id);
  });
});

describe("the safety snapshot", () => {
  it("stops a restore when it cannot be made, unless that is overridden with a reason", async () => {
    const { books, records } = await library(ctx);
    const backupId = await backUp(ctx);
    await deleteRecord(ctx, at(books, records[0]!), undefined);
    const before = await contentOf(ctx);
    const { id } = await plan(ctx, backupId);
    const { storage } = ctx;
    const put = storage.put.bind(storage);
    storage.put = () => Promise.reject(new TypeError("no room"));
    let waiting;
    try {
      waiting = await carryOut(ctx, id);
    } finally {
      storage.put = put;
    }
    expect(waiting).toMatchObject({
      state: "ready",
      safetySnapshot: { state: "failed" },
      failure: { code: "safety-failed" },
    });
    expect(await contentOf(ctx)).toEqual(before);
    const reason = "There is no room, and it has to be today.";
    const done = await carryOut(ctx, id, { safetySnapshot: { override: true, reason } });
    expect(done).toMatchObject({ state: "completed", safetySnapshot: { state: "overridden", reason } });
    const [entry] = await ctx.db.sql`
      select detail from audit_entries where subject_id = ${id} and action = 'restore.safety-overridden'`;
    expect(entry?.detail).toMatchObject({ reason });
  });
});

describe("a failure in the middle", () => {
  it("takes back every collection, exactly", async () => {
    const { books, records } = await library(ctx);
    const words = await createCollection(ctx, { name: "Words", fields: [{ name: "word", type: "text" }] });
    const word = await createRecord(ctx, words.id, { data: { word: "one" } });
    const made = await createCollection(ctx, {
      name: "Made again",
      fields: [{ name: "word", type: "text" }],
    });
    await createRecord(ctx, made.id, { data: { word: "one" } });
    const backupId = await backUp(ctx);
    await change(ctx, books, records[0]!, { title: "Changed" });
    await deleteRecord(ctx, at(books, records[1]!), undefined);
    await createRecord(ctx, books.id, { data: { title: "New" } });
    await deleteRecord(ctx, at(words, word), undefined);
    await deleteCollection(ctx, made.id);
    const state = () => ctx.db.sql`
      select collection_id, id, version, data, key_hash, source_import_id, created_at, updated_at from records
      where owner_id = ${ctx.ownerId} order by collection_id, id`;
    const before = [...(await state()), await contentOf(ctx)];
    const { id, jobId } = await plan(ctx, backupId);
    await ctx.db.sql.unsafe(`
      create function refuse() returns trigger language plpgsql as $$ begin
        if new.collection_id = '${words.id}' then raise exception 'no' using errcode = '22023'; end if;
        return new; end $$;
      create trigger refuse before insert on records for each row execute function refuse()`);
    const failed = await carryOut(ctx, id).finally(() => ctx.db.sql.unsafe("drop function refuse cascade"));
    expect(failed).toMatchObject({ state: "rolled_back", result: null, failure: { code: "internal" } });
    expect([...(await state()), await contentOf(ctx)]).toEqual(before);
    expect((await getJob(ctx, jobId)).state).toBe("rolled_back");
    await expect.poll(() => stagedTables(ctx), { timeout: 10_000 }).toBe(0);
    const [writers] = await ctx.db.sql`
      select count(*)::int8 as count from collections where owner_id = ${ctx.ownerId} and writer_id is not null`;
    expect(writers!.count).toBe(0);
  });
});

describe("fields", () => {
  it("that a restore needs come back, and allow what they allowed then", async () => {
    const shelf = await createCollection(ctx, {
      name: "Shelf",
      fields: [
        { name: "title", type: "text" },
        { name: "state", type: "enum", values: ["new", "old"] },
      ],
    });
    const record = await createRecord(ctx, shelf.id, { data: { title: "A", state: "old" } });
    const backupId = await backUp(ctx);
    await deleteRecord(ctx, at(shelf, record), undefined);
    await updateCollection(ctx, shelf.id, {
      fields: [
        { name: "state", type: "enum", values: ["new"] },
        { name: "place", type: "text" },
      ],
    });
    const done = await carryOut(ctx, (await plan(ctx, backupId)).id);
    expect(done.result).toMatchObject({ added: 1, invalid: 0 });
    const { fields } = await getCollection(ctx, shelf.id);
    expect(fields.map(({ name, values }) => [name, values])).toEqual([
      ["title", undefined],
      ["state", ["new", "old"]],
      ["place", undefined],
    ]);
  });
});
