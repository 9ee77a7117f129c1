import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findImport, insertImport } from "@/db/queries/imports";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { openReview } from "./await-review";

const importRow = (ownerId: string, jobId: string) => ({
  id: newId(),
  ownerId,
  jobId,
  uploadId: newId(),
  fileName: "trips.csv",
  detection: {},
  mapping: [],
  options: {},
  idPrefix: newIdPrefix(),
});

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

it("makes no import without its job", async () => {
  const { db, ownerId } = await bench.newUser();
  const jobId = newId();
  const first = importRow(ownerId, jobId);
  await insertImport(db, first, "Import of trips.csv");
  expect(await findImport(db, first.id, ownerId)).toBeDefined();

  // The job's id is taken, so neither of the two is made.
  const second = importRow(ownerId, jobId);
  await expect(insertImport(db, second, "Import of trips.csv")).rejects.toThrow();
  expect(await findImport(db, second.id, ownerId)).toBeUndefined();
});

it("opens a review for the import and its job in one: nobody decides in between, to have a late word undo it", async () => {
  const ctx = await bench.newUser();
  const row = { ...importRow(ctx.ownerId, newId()), state: "pending" as const };
  await insertImport(ctx.db, row, "Import of trips.csv");
  const state = async () => (await findImport(ctx.db, row.id, ctx.ownerId))?.state;

  let opening: Promise<void> | undefined;
  await ctx.db.sql.begin(async (tx) => {
    await tx`select from jobs where id = ${row.jobId} for update`;
    opening = openReview(ctx, row.id);
    await delay(300);
    expect(await state()).toBe("pending");
  });
  await opening;
  expect(await state()).toBe("awaiting_review");
  const [job] = await ctx.db.sql`select state from jobs where id = ${row.jobId}`;
  expect(job).toEqual({ state: "awaiting_review" });
});
