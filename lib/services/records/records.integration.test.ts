import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { DELETE, GET as getOne, PATCH } from "@/app/api/v1/collections/[id]/records/[recordId]/route";
import { GET as list, POST as create } from "@/app/api/v1/collections/[id]/records/route";
import { GET as getCollection } from "@/app/api/v1/collections/[id]/route";
import type { Collection } from "@/lib/contracts/collections";
import type { Page } from "@/lib/contracts/common";
import type { RecordView } from "@/lib/contracts/records";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { createCollection } from "@/lib/services/collections/create";

let app: TestApp;
let user: TestUser;
let collection: Collection;
beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
});
beforeEach(async () => {
  collection = await createCollection({ ...app.ctx, ownerId: user.id }, { name: "Trips", template: "trips" });
});
afterAll(() => app.stop());

const FRANCE = { country: "France", entryDate: "2024-05-01", visaType: "tourist", maxDays: 90 };

function add(data: object, headers: Record<string, string> = {}): Promise<Response> {
  return call(create, { body: { data }, as: user, params: { id: collection.id }, headers });
}

async function added(data: object): Promise<RecordView> {
  const response = await add(data);
  expect(response.status).toBe(201);
  return (await response.json()) as RecordView;
}

function change(recordId: string, data: object, headers: Record<string, string> = {}): Promise<Response> {
  const params = { id: collection.id, recordId };
  return call(PATCH, { method: "PATCH", body: { data }, as: user, params, headers });
}

function remove(recordId: string, headers: Record<string, string> = {}): Promise<Response> {
  return call(DELETE, { method: "DELETE", as: user, params: { id: collection.id, recordId }, headers });
}

async function listed(query: string): Promise<Page<RecordView>> {
  const response = await call(list, { url: `/?${query}`, as: user, params: { id: collection.id } });
  const body = await response.text();
  expect(response.status, body).toBe(200);
  return JSON.parse(body) as Page<RecordView>;
}

async function counted(): Promise<{ recordCount: number; revision: number }> {
  const response = await call(getCollection, { as: user, params: { id: collection.id } });
  return (await response.json()) as Collection;
}

async function errorPaths(response: Response): Promise<string[]> {
  expect(response.status).toBe(422);
  return ((await response.json()) as { errors: { path: string }[] }).errors.map((e) => e.path).sort();
}

it("creates a record, canonical, with Location and ETag, and counts it", async () => {
  const response = await add({
    ...FRANCE,
    country: "FR",
    entryDate: "1 May 2024",
    maxDays: "90",
    notes: " ok ",
  });
  expect(response.status).toBe(201);
  const record = (await response.json()) as RecordView;
  expect(response.headers.get("location")).toBe(`/api/v1/collections/${collection.id}/records/${record.id}`);
  expect(response.headers.get("etag")).toBe('"1"');
  expect(record).toMatchObject({ version: 1, source: { kind: "hand" }, data: { ...FRANCE, notes: "ok" } });
  expect(await counted()).toMatchObject({ recordCount: 1, revision: 1 });

  const again = await call(getOne, { as: user, params: { id: collection.id, recordId: record.id } });
  expect(again.headers.get("etag")).toBe('"1"');
  expect(await again.json()).toEqual(record);
});

it("names every value that cannot be stored", async () => {
  const bad = { country: "France", entryDate: "2024-02-31", maxDays: "many", colour: "blue" };
  expect(await errorPaths(await add(bad))).toEqual([
    "data.colour",
    "data.entryDate",
    "data.maxDays",
    "data.visaType",
  ]);
  expect(await counted()).toMatchObject({ recordCount: 0 });
});

it("changes only the fields that are named, and null removes one", async () => {
  const { id } = await added({ ...FRANCE, notes: "first" });
  const changed = (await (await change(id, { maxDays: 30, notes: null })).json()) as RecordView;
  expect(changed.version).toBe(2);
  expect(changed.data).toEqual({ ...FRANCE, maxDays: 30 });
  expect(await errorPaths(await change(id, { country: null }))).toEqual(["data.country"]);
});

it("refuses to overwrite a version that the client has not seen", async () => {
  const { id } = await added(FRANCE);
  expect((await change(id, { maxDays: 30 }, { "if-match": '"1"' })).status).toBe(200);
  expect((await change(id, { maxDays: 31 }, { "if-match": '"1"' })).status).toBe(412);
  expect((await change(id, { maxDays: 31 }, { "if-match": "*" })).status).toBe(200);
  expect((await change(id, { maxDays: 32 }, { "if-match": '"7", "3"' })).status).toBe(200);
  expect((await remove(id, { "if-match": '"1"' })).status).toBe(412);
  expect((await remove(id, { "if-match": '"4"' })).status).toBe(204);
  expect((await remove(id)).status).toBe(404);
  expect(await counted()).toMatchObject({ recordCount: 0, revision: 5 });
});

it("loses no edit when many change different fields at the same time", async () => {
  const { id } = await added(FRANCE);
  const answers = await Promise.all([
    change(id, { notes: "a" }),
    change(id, { maxDays: 1 }),
    change(id, { passportCountry: "Germany" }),
    change(id, { exitDate: "2024-06-01" }),
  ]);
  expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200]);
  const { items } = await listed("");
  expect(items[0]).toMatchObject({
    version: 5,
    data: { notes: "a", maxDays: 1, passportCountry: "Germany", exitDate: "2024-06-01" },
  });
});

it("keeps the key hash that an import matches by", async () => {
  const { id } = await added(FRANCE);
  const hash = async () => {
    const [row] = await app.ctx.db.sql`select key_hash::text as hash from records where id = ${id}`;
    return row?.hash as string;
  };
  const before = await hash();
  await change(id, { notes: "no part of the key" });
  expect(await hash()).toBe(before);
  await change(id, { entryDate: "2024-05-02" });
  expect(await hash()).not.toBe(before);
});

it("pages by cursor in both directions of every order without losing or repeating a record", async () => {
  const countries = ["Österreich", "Japan", "Chile", "Ägypten", "Japan", "Zypern", "chile"];
  for (const [n, country] of countries.entries()) {
    await added({ ...FRANCE, country, maxDays: n % 3 === 0 ? null : n * 10 });
  }
  for (const sort of ["id", "country", "maxDays", "entryDate", "createdAt", "updatedAt"]) {
    for (const direction of ["", "-"]) {
      const seen: string[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const page: Page<RecordView> = await listed(
          `limit=2&sort=${direction}${sort}${cursor && `&cursor=${cursor}`}`,
        );
        expect(page.total).toBe(7);
        seen.push(...page.items.map((r) => r.id));
        cursor = page.nextCursor;
      }
      const whole = await listed(`limit=100&sort=${direction}${sort}`);
      expect(seen).toEqual(whole.items.map((r) => r.id));
      expect(new Set(seen).size).toBe(7);
    }
  }
});

it("sorts numbers as numbers, text in reading order, and empty values last", async () => {
  for (const [country, maxDays] of [
    ["Zambia", 9],
    ["albania", 100],
    ["Ägypten", null],
    ["Brazil", 20],
  ] as const) {
    await added({ ...FRANCE, country, maxDays });
  }
  const days = async (sort: string) =>
    (await listed(`sort=${sort}`)).items.map((r) => r.data.maxDays ?? null);
  expect(await days("maxDays")).toEqual([9, 20, 100, null]);
  expect(await days("-maxDays")).toEqual([100, 20, 9, null]);
  const names = (await listed("sort=country")).items.map((r) => r.data.country);
  expect(names).toEqual(["Albania", "Brazil", "Egypt", "Zambia"]);
});

it("sorts and filters numbers of any size", async () => {
  const fields = [{ name: "n", type: "decimal" as const }];
  collection = await createCollection({ ...app.ctx, ownerId: user.id }, { name: "Numbers", fields });
  const tiny = `0.${"0".repeat(400)}1`;
  const huge = "9".repeat(500);
  for (const n of [huge, 1.5, `-${huge}`, tiny, "12345678901234567890.5", -2]) await added({ n });
  const sorted: unknown[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: Page<RecordView> = await listed(`limit=2&sort=n${cursor && `&cursor=${cursor}`}`);
    sorted.push(...page.items.map((r) => r.data.n));
    cursor = page.nextCursor;
  }
  expect(sorted).toEqual([`-${huge}`, -2, tiny, 1.5, "12345678901234567890.5", huge]);
  expect((await listed("filter=n:gt:12345678901234567890.4")).items).toHaveLength(2);
});

it("jumps to an offset, from either end", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 9; n++) ids.push((await added({ ...FRANCE, maxDays: n })).id);
  for (const offset of [0, 3, 5, 7, 8, 9, 50]) {
    const page = await listed(`limit=2&offset=${offset}`);
    expect(page.items.map((r) => r.id)).toEqual(ids.slice(offset, offset + 2));
    expect(page.nextCursor === null).toBe(offset + 2 >= 9);
    if (page.nextCursor) {
      const next = await listed(`limit=2&cursor=${page.nextCursor}`);
      expect(next.items.map((r) => r.id)).toEqual(ids.slice(offset + 2, offset + 4));
    }
  }
});

it("searches every field, in any case, and takes signs literally", async () => {
  await added({ ...FRANCE, notes: "50% off\nsecond line" });
  await added({ ...FRANCE, country: "Österreich", notes: 'a "quoted" word' });
  await added({ ...FRANCE, country: "Japan", entryDate: "2019-12-31" });
  const found = async (q: string) => (await listed(`q=${encodeURIComponent(q)}&total=true`)).total;
  expect(await found("fran")).toBe(1);
  expect(await found("AUSTRIA")).toBe(1);
  expect(await found("50%")).toBe(1);
  expect(await found("5_% off")).toBe(0);
  expect(await found('"QUOTED"')).toBe(1);
  expect(await found("2019-12")).toBe(1);
  expect(await found("90")).toBe(3);
  expect(await found("country")).toBe(0);
});

it.each([
  ["country:eq:Japan", 1],
  ["country:ne:Japan", 2],
  ["maxDays:gte:30,maxDays:lt:90", 1],
  ["maxDays:eq:90.0", 1],
  ["maxDays:empty", 1],
  ["maxDays:notEmpty", 2],
  ["maxDays:ne:90", 2],
  ["entryDate:gte:2024", 2],
  ["entryDate:lte:2023-12-31", 1],
  ["notes:contains:TEA", 1],
  ['[{"field":"notes","op":"contains","value":"tea, green"}]', 1],
])("filters by %s", async (filter, count) => {
  await added({ ...FRANCE, notes: "Tea, green" });
  await added({ ...FRANCE, country: "Japan", entryDate: "2020-01-01", maxDays: 30 });
  await added({ ...FRANCE, country: "Chile", maxDays: null });
  const page = await listed(`filter=${encodeURIComponent(filter)}&total=true`);
  expect(page.items).toHaveLength(count);
  expect(page.total).toBe(count);
});

it.each([
  "sort=colour",
  "filter=colour:eq:blue",
  "filter=country:like:F",
  "filter=maxDays:gt:many",
  "filter=maxDays:gt",
  "filter=%5B%7B",
  "cursor=bm9uc2Vuc2U",
  "limit=1001",
  "offset=-1",
  "offset=1&cursor=x",
])("refuses %s", async (query) => {
  const response = await call(list, { url: `/?${query}`, as: user, params: { id: collection.id } });
  expect(response.status).toBe(422);
});

it("refuses a cursor of another order", async () => {
  for (let n = 0; n < 3; n++) await added(FRANCE);
  const { nextCursor } = await listed("limit=1&sort=country");
  const response = await call(list, {
    url: `/?limit=1&sort=maxDays&cursor=${nextCursor}`,
    as: user,
    params: { id: collection.id },
  });
  expect(response.status).toBe(422);
});

it("searches and sorts by fields whose names need quoting", async () => {
  const fields = [{ name: "o_клад", type: "text" as const }, ...wide(30)];
  collection = await createCollection({ ...app.ctx, ownerId: user.id }, { name: "Wide", fields });
  await added({ o_клад: 'say "hi" \\ there', w7: "needle" });
  expect((await listed(`q=${encodeURIComponent('"HI" \\')}`)).items).toHaveLength(1);
  expect((await listed("q=NEEDLE&sort=-o_клад")).items).toHaveLength(1);
  expect((await listed("q=w7")).items).toHaveLength(0);
});

function wide(count: number) {
  return Array.from({ length: count }, (_, n) => ({ name: `w${n}`, type: "text" as const }));
}
