import { afterAll, beforeAll, expect, it } from "vitest";
import { DELETE, GET as getOne, PATCH } from "@/app/api/v1/collections/[id]/route";
import { POST as addRecord } from "@/app/api/v1/collections/[id]/records/route";
import { GET as list, POST as create } from "@/app/api/v1/collections/route";
import type { Collection } from "@/lib/contracts/collections";
import type { Page } from "@/lib/contracts/common";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";

let app: TestApp;
let user: TestUser;
beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
});
afterAll(() => app.stop());

async function made(body: object, as = user): Promise<Collection> {
  const response = await call(create, { body, as });
  expect(response.status).toBe(201);
  return (await response.json()) as Collection;
}

function patch(id: string, body: object): Promise<Response> {
  return call(PATCH, { method: "PATCH", body, as: user, params: { id } });
}

async function code(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

it("makes a collection from a template and says where it is", async () => {
  const response = await call(create, { body: { name: "My trips", template: "trips" }, as: user });
  expect(response.status).toBe(201);
  const trips = (await response.json()) as Collection;
  expect(response.headers.get("location")).toBe(`/api/v1/collections/${trips.id}`);
  expect(trips).toMatchObject({ name: "My trips", template: "trips", recordCount: 0 });
  expect(trips.fields.map((f) => f.name)).toContain("entryDate");
  expect(trips.keyFields).toEqual(["country", "entryDate", "exitDate", "visaType"]);

  const again = await call(getOne, { as: user, params: { id: trips.id } });
  expect(await again.json()).toEqual(trips);
});

it("makes a collection from fields, with labels made from names", async () => {
  const fields = [
    { name: "title", type: "text", required: true },
    { name: "dueDate", type: "date" },
    { name: "state", type: "enum", values: ["open", "done"], label: "Status" },
    { name: "giá", type: "decimal" },
  ];
  const collection = await made({ name: "Tasks", fields, keyFields: ["title"] });
  expect(collection.fields.map((f) => [f.label, f.required])).toEqual([
    ["Title", true],
    ["Due Date", false],
    ["Status", false],
    ["Giá", false],
  ]);
  expect(collection.template).toBeNull();
});

it("links cards to the only collection of study sets, and guesses nothing among several", async () => {
  const owner = await app.newUser();
  const references = (c: Collection) => c.fields.find((f) => f.name === "set")?.references;
  expect(references(await made({ name: "Cards", template: "cards" }, owner))).toBeUndefined();
  const sets = await made({ name: "Sets", template: "study-sets" }, owner);
  expect(references(await made({ name: "Cards", template: "cards" }, owner))).toBe(sets.id);
  await made({ name: "More sets", template: "study-sets" }, owner);
  expect(references(await made({ name: "Cards", template: "cards" }, owner))).toBeUndefined();
});

it.each([
  ["no name", { fields: [] }, "name"],
  ["a template and fields", { name: "x", template: "trips", fields: [] }, "fields"],
  ["an unknown template", { name: "x", template: "recipes" }, "template"],
  ["a bad field name", { name: "x", fields: [{ name: "1st", type: "text" }] }, "fields.0.name"],
  ["an unknown type", { name: "x", fields: [{ name: "a", type: "money" }] }, "fields.0.type"],
  [
    "a typing error in a field",
    { name: "x", fields: [{ name: "a", type: "text", requierd: true }] },
    "fields.0",
  ],
  ["an enum without values", { name: "x", fields: [{ name: "a", type: "enum" }] }, "fields.0.values"],
  [
    "values without an enum",
    { name: "x", fields: [{ name: "a", type: "text", values: ["b"] }] },
    "fields.0.values",
  ],
  ["a key that is no field", { name: "x", fields: [], keyFields: ["a"] }, "keyFields"],
])("refuses %s", async (_, body, path) => {
  const response = await call(create, { body, as: user });
  expect(response.status).toBe(422);
  const problem = (await response.json()) as { errors: { path: string }[] };
  expect(problem.errors.map((e) => e.path)).toContain(path);
});

it("refuses two fields of one name, and references to another user's collection", async () => {
  const foreign = await made({ name: "Theirs" }, await app.newUser());
  const twice = [
    { name: "a", type: "text" },
    { name: "a", type: "date" },
  ];
  expect((await call(create, { body: { name: "x", fields: twice }, as: user })).status).toBe(422);
  const pointing = [{ name: "a", type: "reference", references: foreign.id }];
  expect((await call(create, { body: { name: "x", fields: pointing }, as: user })).status).toBe(422);
});

it("renames, adds fields and changes them; the others stay", async () => {
  const { id } = await made({ name: "Books", fields: [{ name: "title", type: "text" }] });
  const fields = [
    { name: "title", label: "Book title", required: true },
    { name: "year", type: "integer" },
  ];
  const changed = (await (await patch(id, { name: "Library", fields })).json()) as Collection;
  expect(changed.name).toBe("Library");
  expect(changed.fields).toEqual([
    { name: "title", label: "Book title", type: "text", required: true },
    { name: "year", label: "Year", type: "integer", required: false },
  ]);
  expect((await patch(id, { fields: [{ name: "new" }] })).status).toBe(422);
});

it("refuses changes of fields that the records would break", async () => {
  const fields = [
    { name: "title", type: "text" },
    { name: "note", type: "text" },
    { name: "state", type: "enum", values: ["open", "done"] },
  ];
  const { id } = await made({ name: "Tasks", fields });
  await call(addRecord, { as: user, params: { id }, body: { data: { title: "Ship", state: "done" } } });

  const type = await patch(id, { fields: [{ name: "title", type: "integer" }] });
  expect([type.status, await code(type)]).toEqual([409, "field-type-in-use"]);
  const required = await patch(id, { fields: [{ name: "note", required: true }] });
  expect([required.status, await code(required)]).toEqual([409, "field-empty"]);
  const values = await patch(id, { fields: [{ name: "state", values: ["open"] }] });
  expect([values.status, await code(values)]).toEqual([409, "field-values-in-use"]);

  expect((await patch(id, { fields: [{ name: "title", required: true }] })).status).toBe(200);
  expect((await patch(id, { fields: [{ name: "state", values: ["done", "later"] }] })).status).toBe(200);
});

it("lets nothing change the fields or remove the collection while an import writes", async () => {
  const { id } = await made({ name: "Busy", fields: [{ name: "title", type: "text" }] });
  await app.ctx.db.sql`update collections set writer_id = ${id} where id = ${id}`;
  const fields = await patch(id, { fields: [{ name: "more", type: "text" }] });
  expect([fields.status, await code(fields)]).toEqual([409, "collection-busy"]);
  const removal = await call(DELETE, { method: "DELETE", as: user, params: { id } });
  expect([removal.status, await code(removal)]).toEqual([409, "collection-busy"]);
  expect((await patch(id, { name: "Still busy" })).status).toBe(200);
});

it("removes a collection with its records", async () => {
  const { id } = await made({ name: "Gone", fields: [{ name: "title", type: "text" }] });
  await call(addRecord, { as: user, params: { id }, body: { data: { title: "x" } } });
  const removal = await call(DELETE, { method: "DELETE", as: user, params: { id } });
  expect(removal.status).toBe(204);
  expect((await call(getOne, { as: user, params: { id } })).status).toBe(404);
  const left = await app.ctx.db.sql`select 1 from records where collection_id = ${id}`;
  expect(left).toHaveLength(0);
});

it("lists newest first, page after page", async () => {
  const owner = await app.newUser();
  for (const name of ["a", "b", "c"]) await made({ name }, owner);
  const first = (await (await call(list, { url: "/?limit=2", as: owner })).json()) as Page<Collection>;
  expect(first.items.map((c) => c.name)).toEqual(["c", "b"]);
  expect(first.total).toBe(3);
  const url = `/?limit=2&cursor=${first.nextCursor}`;
  const second = (await (await call(list, { url, as: owner })).json()) as Page<Collection>;
  expect(second.items.map((c) => c.name)).toEqual(["a"]);
  expect(second.nextCursor).toBeNull();
  expect((await call(list, { url: "/?cursor=nonsense", as: owner })).status).toBe(422);
  expect((await call(list, { url: "/?limit=0", as: owner })).status).toBe(422);
});
