import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { stateOf, stateOfDatabase } from "@/lib/services/backups/testing";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import type { SystemContext } from "@/lib/services/context";
import { faultyStore } from "@/lib/storage/wrappers/faulty";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const system = globalThis as unknown as { ferrySystemContext: SystemContext };

it("is made, gone on from and verified by the engine, one at a time for each user", async () => {
  const ctx = await app.newUser();
  const csv = "title,n\nfirst,1\nsecond,2\n";
  await app.importFile(ctx, csv, { newCollection: { name: "Things" }, name: "things.csv" });
  const types = ["full", "incremental", "incremental"] as const;
  const asked = [];
  for (const type of types) asked.push(await createBackup(ctx, CreateBackupBody.parse({ type })));
  const jobs = await Promise.all(asked.map(({ jobId }) => waitForJob(ctx, jobId, 50)));
  expect(jobs.map((job) => job.state)).toEqual(["completed", "completed", "completed"]);
  const made = await Promise.all(asked.map(({ id }) => getBackup(ctx, id)));
  expect(made.map((backup) => backup.chainPosition).sort()).toEqual([0, 1, 2]);
  const last = made.find((backup) => backup.chainPosition === 2)!;
  expect(await stateOf(ctx, last.id)).toEqual(await stateOfDatabase(ctx));
  const { checkJobId } = await checkBackup(ctx, last.id, {});
  expect(await waitForJob(ctx, checkJobId!, 50)).toMatchObject({ state: "completed", percentage: 100 });
  expect((await getBackup(ctx, last.id)).lastVerified).toMatchObject({ outcome: "sound", depth: "content" });
});

it("is made by another attempt when the store was away for the first", async () => {
  const ctx = await app.newUser();
  const before = system.ferrySystemContext;
  const storage = faultyStore(before.storage, (call, number) => call === "put" && number === 1);
  system.ferrySystemContext = { ...before, storage };
  try {
    const { id, jobId } = await createBackup(ctx, CreateBackupBody.parse({}));
    expect((await waitForJob(ctx, jobId, 55)).state).toBe("completed");
    expect(await getBackup(ctx, id)).toMatchObject({ state: "completed", failure: null });
  } finally {
    system.ferrySystemContext = before;
  }
});
