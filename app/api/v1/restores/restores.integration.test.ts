import { afterAll, beforeAll, expect, it } from "vitest";
import { POST as preview } from "@/app/api/v1/backups/[id]/preview/route";
import { POST as carryOut } from "@/app/api/v1/backups/[id]/restore/route";
import { GET as importsOf } from "@/app/api/v1/imports/route";
import { POST as undoImport } from "@/app/api/v1/imports/[id]/undo/route";
import { POST as resolve } from "@/app/api/v1/imports/[id]/resolve/route";
import type { Page } from "@/lib/contracts/common";
import type { RestoreSummary, RestoreView } from "@/lib/contracts/restores";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { makeBackup } from "@/lib/services/backups/testing";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { createRecord } from "@/lib/services/records/create";
import { deleteRecord } from "@/lib/services/records/delete";
import { updateRecord } from "@/lib/services/records/update";
import { openPlan } from "@/lib/services/restores/await-decision";
import { openRestore } from "@/lib/services/restores/open-restore";
import { planParts } from "@/lib/services/restores/plan-parts";
import { stageRestore } from "@/lib/services/restores/stage-restore";
import { DELETE, GET } from "./[id]/route";
import { GET as list } from "./route";

let app: TestApp;
let user: TestUser;
let ctx: ServiceContext;
let backupId: string;
beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
  ctx = { ...app.ctx, ownerId: user.id };
  const collection = await createCollection(ctx, {
    name: "Notes",
    fields: [{ name: "title", type: "text" }],
  });
  const record = async (title: string) => ({
    collectionId: collection.id,
    recordId: (await createRecord(ctx, collection.id, { data: { title } })).id,
  });
  const [one, two] = [await record("one"), await record("two")];
  backupId = (await makeBackup(ctx)).id;
  await updateRecord(ctx, one, { data: { title: "1" }, expected: undefined });
  await deleteRecord(ctx, two, undefined);
});
afterAll(() => app.stop());

const post = (handler: typeof preview, id: string, body: object) =>
  call(handler, { method: "POST", url: `/api/v1/x/${id}`, params: { id }, body, as: user });
const shown = async (id: string) =>
  (await (await call(GET, { params: { id }, as: user })).json()) as RestoreView;

/** What the durable function does until a plan waits. */
async function planned(body: object = {}): Promise<string> {
  const asked = await post(preview, backupId, { ...body, waitSeconds: 0 });
  expect(asked.status).toBe(202);
  const { planId, jobId, state } = (await asked.json()) as Record<string, string>;
  expect(asked.headers.get("location")).toBe(`/api/v1/restores/${planId}`);
  expect([typeof jobId, state]).toEqual(["string", "pending"]);
  await openRestore(app.ctx, planId!);
  await stageRestore(app.ctx, planId!);
  await planParts(app.ctx, planId!, 0);
  await openPlan(app.ctx, planId!);
  return planId!;
}

it("shows a plan as the contract says, and lists it", async () => {
  const planId = await planned();
  const view = await shown(planId);
  expect(view).toMatchObject({
    planId,
    state: "ready",
    globalStrategy: "overwrite",
    validation: { outcome: "sound", records: 2 },
    perCollection: [{ name: "Notes", add: 1, change: 1, delete: 0, unchanged: 0, conflicts: 0 }],
  });
  expect(Date.parse(view.expiresAt!)).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  const url = `/api/v1/restores?backupId=${backupId}`;
  const page = (await (await call(list, { url, as: user })).json()) as Page<RestoreSummary>;
  expect(page.items).toMatchObject([
    { id: planId, counts: { add: 1, change: 1, unchanged: 0, collections: 1 } },
  ]);
});

it("says what the backup holds besides collections, and takes what of it is to be restored", async () => {
  const view = await shown(await planned({ categories: ["preferences"] }));
  expect(view.categories).toMatchObject([
    { category: "preferences", restorable: true, chosen: true },
    { category: "notifications", restorable: true, chosen: false },
    { category: "analytics", restorable: false, chosen: false, inBackup: 1, today: 1 },
  ]);
  const refused = await post(preview, backupId, { categories: ["analytics"] });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toMatch(/analytics are computed anew/);
});

it("keeps its collections' imports to itself", async () => {
  const { perCollection } = await shown(await planned());
  const importId = perCollection[0]!.importId!;
  const page = (await (await call(importsOf, { url: "/api/v1/imports", as: user })).json()) as Page<object>;
  expect(page.items).toEqual([]);
  const undo = await post(undoImport, importId, {});
  expect(undo.status).toBe(409);
  const both = await post(resolve, importId, { globalStrategy: "keepBoth" });
  expect(both.status).toBe(422);
  const decided = await post(resolve, importId, { globalStrategy: "skip" });
  expect(await decided.json()).toMatchObject({
    state: "awaiting_review",
    counts: { toUpdate: 0, skipped: 1 },
  });
});

it("starts once, and only from the backup it was made of", async () => {
  const planId = await planned({ globalStrategy: "skip" });
  const other = (await makeBackup(ctx)).id;
  expect((await post(carryOut, other, { planId, globalStrategy: "skip" })).status).toBe(404);
  const started = await post(carryOut, backupId, { planId, globalStrategy: "skip" });
  expect(started.status).toBe(202);
  expect(await started.json()).toMatchObject({ restoreId: planId, state: "saving" });
  const again = await post(carryOut, backupId, { planId, globalStrategy: "skip" });
  expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([409, "already-started"]);
});

it("is discarded by DELETE, and over after seven days", async () => {
  const discarded = await planned();
  const gone = await call(DELETE, { method: "DELETE", params: { id: discarded }, as: user });
  expect(await gone.json()).toMatchObject({ state: "cancelled" });
  const late = await planned();
  await ctx.db.sql`update restores set expires_at = now() - interval '1 minute' where id = ${late}`;
  const answer = await post(carryOut, backupId, { planId: late, globalStrategy: "overwrite" });
  expect(answer.status).toBe(410);
});

it("answers 422 with what is wrong with the backup", async () => {
  const stored = await makeBackup(ctx);
  await ctx.db.sql`update backups set manifest_sha256 = ${"0".repeat(64)} where id = ${stored.id}`;
  const asked = await post(preview, stored.id, { waitSeconds: 0 });
  const { planId } = (await asked.json()) as { planId: string };
  await expect(openRestore(app.ctx, planId)).rejects.toMatchObject({ failure: { code: "wrong-backup" } });
});
