import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { GET as readHistory } from "@/app/api/v1/collections/[id]/records/[recordId]/history/route";
import { POST as revert } from "@/app/api/v1/collections/[id]/records/[recordId]/revert/route";
import { DELETE, GET as getOne, PATCH } from "@/app/api/v1/collections/[id]/records/[recordId]/route";
import type { Collection } from "@/lib/contracts/collections";
import type { HistoryItem, RecordHistory, RevertedRecord } from "@/lib/contracts/record-history";
import type { RecordView } from "@/lib/contracts/records";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { createCollection } from "@/lib/services/collections/create";
import { getCollection } from "@/lib/services/collections/get";
import { createRecord } from "./create";

let app: TestApp;
let user: TestUser;
let collection: Collection;
let record: RecordView;
beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
});
beforeEach(async () => {
  const text = { type: "text" as const };
  const fields = [
    { name: "title", required: true, ...text },
    { name: "notes", ...text },
  ];
  collection = await createCollection(owner(), { name: "Books", fields });
  record = await createRecord(owner(), collection.id, { data: { title: "First" } });
});
afterAll(() => app.stop());

const owner = () => ({ ...app.ctx, ownerId: user.id });
const params = () => ({ id: collection.id, recordId: record.id });

async function change(data: object): Promise<RecordView> {
  const response = await call(PATCH, { method: "PATCH", body: { data }, as: user, params: params() });
  expect(response.status).toBe(200);
  return (await response.json()) as RecordView;
}

async function remove(): Promise<void> {
  expect((await call(DELETE, { method: "DELETE", as: user, params: params() })).status).toBe(204);
}

async function history(query = ""): Promise<RecordHistory> {
  const response = await call(readHistory, { url: `/?${query}`, as: user, params: params() });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as RecordHistory;
}

function revertTo(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return call(revert, { body, as: user, params: params(), headers });
}

async function reverted(body: object, headers: Record<string, string> = {}): Promise<RevertedRecord> {
  const response = await revertTo(body, headers);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as RevertedRecord;
}

const steps = (items: HistoryItem[]) =>
  items.map(({ version, kind, changes }) => ({ version, kind, changes }));

it("tells who set each value, from what to what, newest first, down to the creation", async () => {
  await change({ notes: "read it" });
  await change({ title: "Second", notes: null });
  const { items, nextCursor, truncatedBecause, setBy } = await history();
  expect(steps(items)).toEqual([
    {
      version: 3,
      kind: "edit",
      changes: [
        { field: "title", from: "First", to: "Second" },
        { field: "notes", from: "read it", to: null },
      ],
    },
    { version: 2, kind: "edit", changes: [{ field: "notes", from: null, to: "read it" }] },
    { version: 1, kind: "created", changes: [{ field: "title", from: null, to: "First" }] },
  ]);
  expect(items.map((item) => item.data)).toEqual([
    { title: "Second" },
    { title: "First", notes: "read it" },
    { title: "First" },
  ]);
  expect(items.map((item) => item.by)).toEqual(
    Array.from({ length: 3 }, () => ({ userId: user.id, label: user.email })),
  );
  expect(items[2]?.at).toBe(record.createdAt);
  expect(setBy).toMatchObject({ title: { version: 3, kind: "edit", at: items[0]?.at } });
  expect({ nextCursor, truncatedBecause }).toEqual({ nextCursor: null, truncatedBecause: undefined });
});

it("pages without losing or repeating a step, also while the record goes on changing", async () => {
  for (let n = 2; n <= 8; n++) await change({ title: `Title ${n}` });
  const seen: HistoryItem[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: RecordHistory = await history(`limit=3${cursor && `&cursor=${cursor}`}`);
    expect(page.items.length).toBeLessThanOrEqual(3);
    expect(page.setBy === undefined).toBe(cursor !== "");
    seen.push(...page.items);
    cursor = page.nextCursor;
    if (cursor) await change({ notes: `at ${seen.length}` });
  }
  expect(seen.map((item) => item.version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  expect(seen.map((item) => item.data?.title)).toEqual(
    [8, 7, 6, 5, 4, 3, 2].map((n) => `Title ${n}`).concat("First"),
  );
});

it("sets a record back to a version, as a change that can itself be taken back", async () => {
  await change({ title: "Second", notes: "long" });
  const back = await reverted({ version: 1 }, { "if-match": '"2"' });
  expect(back).toMatchObject({ version: 3, data: { title: "First" }, leftOut: [] });
  const again = await reverted({ version: 2 }, { "if-match": '"3"' });
  expect(again).toMatchObject({ version: 4, data: { title: "Second", notes: "long" } });
  const { items } = await history();
  expect(items.map((item) => item.kind)).toEqual(["revert", "revert", "edit", "created"]);
});

it("sets a record back to a moment", async () => {
  await change({ title: "Second" });
  const { items } = await history();
  await change({ title: "Third" });
  expect(await reverted({ at: items[0]!.at })).toMatchObject({ version: 4, data: { title: "Second" } });
  const refused = await revertTo({ at: "2001-01-01T00:00:00Z" });
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ code: "no-such-version" });
});

it("refuses to set back a version that the client has not seen, and one that never was", async () => {
  await change({ title: "Second" });
  expect((await revertTo({ version: 1 }, { "if-match": '"1"' })).status).toBe(412);
  expect((await revertTo({ version: 7 })).status).toBe(422);
  expect((await revertTo({ version: 1, at: record.createdAt })).status).toBe(422);
  expect((await history()).items).toHaveLength(2);
});

it("changes nothing when the record is like that already", async () => {
  await change({ title: "Second" });
  expect(await reverted({ version: 2 })).toMatchObject({ version: 2 });
  expect((await history()).items).toHaveLength(2);
});

it("puts a deleted record back under its id, with its times and one version on", async () => {
  await change({ notes: "dear to me" });
  await remove();
  const gone = await history();
  expect(steps(gone.items.slice(0, 1))).toEqual([
    {
      version: 3,
      kind: "delete",
      changes: [
        { field: "title", from: "First", to: null },
        { field: "notes", from: "dear to me", to: null },
      ],
    },
  ]);
  expect(gone.items[0]?.data).toBeNull();
  expect((await revertTo({ version: 2 }, { "if-match": '"2"' })).status).toBe(412);
  expect((await revertTo({ version: 3 })).status).toBe(409);

  const back = await reverted({ version: 2 }, { "if-match": '"3"' });
  expect(back).toMatchObject({
    id: record.id,
    version: 4,
    createdAt: record.createdAt,
    data: { title: "First", notes: "dear to me" },
  });
  expect(await (await call(getOne, { as: user, params: params() })).json()).toMatchObject({ version: 4 });
  expect(await getCollection(owner(), collection.id)).toMatchObject({ recordCount: 1 });
  const { items, setBy } = await history();
  expect(items.map((item) => [item.version, item.kind])).toEqual([
    [4, "revert"],
    [3, "delete"],
    [2, "edit"],
    [1, "created"],
  ]);
  expect(setBy).toMatchObject({ title: { kind: "revert" }, notes: { kind: "revert" } });
});

it("puts a deleted record back once when two ask at the same time", async () => {
  await remove();
  const answers = await Promise.all([revertTo({ version: 1 }), revertTo({ version: 1 })]);
  const statuses = answers.map((answer) => answer.status).sort();
  expect(statuses[0]).toBe(200);
  // The other one comes too late, or finds everything as it wished.
  expect([200, 412]).toContain(statuses[1]);
  expect(await getCollection(owner(), collection.id)).toMatchObject({ recordCount: 1 });
  expect((await history()).items.map((item) => item.version)).toEqual([3, 2, 1]);
});

it("names the values that the present fields do not take", async () => {
  await app.ctx.db.sql`update records set data = data || '{"shelf": "B4"}' where id = ${record.id}`;
  await change({ title: "Second" });
  const back = await reverted({ version: 1 });
  expect(back.data).toMatchObject({ title: "First" });
  expect(back.leftOut).toMatchObject([{ field: "shelf", reason: "no-such-field" }]);
});

it("says what is not known instead of inventing it", async () => {
  await change({ notes: "a" });
  await change({ notes: "b" });
  await change({ title: "Last" });
  await app.ctx.db.sql`delete from record_edits where record_id = ${record.id} and version = 3`;
  const { items, truncatedBecause, setBy } = await history();
  expect(truncatedBecause).toBe("not-recorded");
  expect(items.map(({ version, gap, data }) => [version, gap ?? false, data])).toEqual([
    [4, false, { title: "Last", notes: "b" }],
    [2, true, null],
    [1, false, { title: "First" }],
  ]);
  expect(setBy).toEqual({ title: expect.objectContaining({ version: 4 }) as unknown });
  const refused = await revertTo({ version: 2 });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "version-unknown" });
  expect((await reverted({ version: 1 })).data).toEqual({ title: "First" });
});

it("keeps the order of many changes made at the same time", async () => {
  await Promise.all(Array.from({ length: 12 }, (_, n) => change({ title: `Title ${n}` })));
  const { items, truncatedBecause } = await history();
  expect(truncatedBecause).toBeUndefined();
  expect(items.map((item) => item.version)).toEqual(Array.from({ length: 13 }, (_, n) => 13 - n));
  for (const [index, item] of items.slice(0, -1).entries()) {
    const before = items[index + 1]!;
    expect(item.changes).toEqual([{ field: "title", from: before.data?.title, to: item.data?.title }]);
    expect(item.at >= before.at).toBe(true);
  }
});
