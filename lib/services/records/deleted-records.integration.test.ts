import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { GET as listDeleted } from "@/app/api/v1/collections/[id]/deleted/route";
import { POST as revert } from "@/app/api/v1/collections/[id]/records/[recordId]/revert/route";
import type { Page } from "@/lib/contracts/common";
import type { DeletedRecord } from "@/lib/contracts/deleted-records";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { createCollection } from "@/lib/services/collections/create";
import { createRecord } from "./create";
import { deleteRecord } from "./delete";
import { updateRecord } from "./update";

let app: TestApp;
let user: TestUser;
let collectionId: string;
beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
});
beforeEach(async () => {
  const fields = [{ name: "title", type: "text" as const }];
  collectionId = (await createCollection(owner(), { name: "Books", fields })).id;
});
afterAll(() => app.stop());

const owner = () => ({ ...app.ctx, ownerId: user.id });

async function deleted(title: string): Promise<string> {
  const { id } = await createRecord(owner(), collectionId, { data: { title } });
  await deleteRecord(owner(), { collectionId, recordId: id }, undefined);
  return id;
}

async function list(query = ""): Promise<Page<DeletedRecord>> {
  const response = await call(listDeleted, { url: `/?${query}`, as: user, params: { id: collectionId } });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as Page<DeletedRecord>;
}

const titles = ({ items }: Page<DeletedRecord>) => items.map(({ data }) => data.title);

it("lists what was deleted as it was last, the last deleted first, with who did it", async () => {
  await createRecord(owner(), collectionId, { data: { title: "still there" } });
  const { id } = await createRecord(owner(), collectionId, { data: { title: "draft" } });
  await updateRecord(
    owner(),
    { collectionId, recordId: id },
    { data: { title: "final" }, expected: undefined },
  );
  await deleteRecord(owner(), { collectionId, recordId: id }, undefined);
  await deleted("second");
  const page = await list();
  expect(titles(page)).toEqual(["second", "final"]);
  expect(page.items[1]).toMatchObject({ id, version: 3, by: { userId: user.id } });
  expect(page.nextCursor).toBeNull();
});

it("no longer lists what was put back, and lists it again once it is deleted again", async () => {
  const id = await deleted("back and forth");
  const [seen] = (await list()).items;
  const params = { id: collectionId, recordId: id };
  const headers = { "if-match": `"${seen!.version}"` };
  const answer = await call(revert, { body: { version: seen!.version - 1 }, as: user, params, headers });
  expect(answer.status).toBe(200);
  expect(titles(await list())).toEqual([]);
  await deleteRecord(owner(), { collectionId, recordId: id }, undefined);
  expect(titles(await list())).toEqual(["back and forth"]);
});

it("pages without losing or repeating one, also of those deleted in the same millisecond", async () => {
  const all = [];
  for (let i = 0; i < 7; i++) all.push(await deleted(`book ${i}`));
  await app.ctx.db.sql`update record_edits set at = '2026-01-01T00:00:00.0005Z'
                       where collection_id = ${collectionId} and record_id <> ${all[6]!}`;
  const found: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: Page<DeletedRecord> = await list(`limit=2${cursor && `&cursor=${cursor}`}`);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(found[0]).toBe(all[6]);
  expect([...found].sort()).toEqual([...all].sort());
});
