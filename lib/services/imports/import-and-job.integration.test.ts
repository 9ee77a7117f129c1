import { afterAll, beforeAll, expect, it } from "vitest";
import { findImport, insertImport } from "@/db/queries/imports";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

it("makes no import without its job", async () => {
  const { db, ownerId } = await bench.newUser();
  const row = (jobId: string) => ({
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
  const jobId = newId();
  const first = row(jobId);
  await insertImport(db, first, "Import of trips.csv");
  expect(await findImport(db, first.id, ownerId)).toBeDefined();

  // The job's id is taken, so neither of the two is made.
  const second = row(jobId);
  await expect(insertImport(db, second, "Import of trips.csv")).rejects.toThrow();
  expect(await findImport(db, second.id, ownerId)).toBeUndefined();
});
