import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { backUp, carryOut, contentOf, plan } from "@/inngest/functions/testing/restores";
import type { ServiceContext } from "@/lib/services/context";
import { createCollection } from "@/lib/services/collections/create";
import { deleteCollection } from "@/lib/services/collections/delete";
import { createRecord } from "@/lib/services/records/create";
import { deleteRecord } from "@/lib/services/records/delete";
import { updateRecord } from "@/lib/services/records/update";

let app: TestApp;
let ctx: ServiceContext;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  ctx = await app.newUser();
});

async function library() {
  const fields = [
    { name: "title", type: "text" as const },
    { name: "pages", type: "integer" as const },
  ];
  const books = await createCollection(ctx, { name: "Books", fields });
  const records = [];
  for (let n = 1; n <= 4; n++) {
    records.push(await createRecord(ctx, books.id, { data: { title: `Book ${n}`, pages: n * 100 } }));
  }
  return { books, records };
}

describe("a restore of everything", () => {
  it("shows what it would do, does just that, and leaves what the backup held", async () => {
    const { books, records } = await library();
    const before = await contentOf(ctx);
    const backupId = await backUp(ctx);
    await updateRecord(
      ctx,
      { collectionId: books.id, recordId: records[0]!.id },
      { data: { title: "Changed" }, expected: undefined },
    );
    await deleteRecord(ctx, { collectionId: books.id, recordId: records[1]!.id }, undefined);
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
  });

  it("brings a deleted collection back under its id", async () => {
    const { books } = await library();
    const before = await contentOf(ctx);
    const backupId = await backUp(ctx);
    await deleteCollection(ctx, books.id);
    const preview = await plan(ctx, backupId);
    expect(preview.perCollection).toMatchObject([{ add: 4, status: "missing", collectionId: books.id }]);
    await carryOut(ctx, preview.id);
    expect(await contentOf(ctx)).toEqual(before);
  });
});
