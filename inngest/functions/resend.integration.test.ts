import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { bundleWorker } from "@/inngest/embedded/testing/processes";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { createBackup } from "@/lib/services/backups/create-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import type { ServiceContext } from "@/lib/services/context";
import { resendEvents } from "@/lib/services/events/resend";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";

let app: TestApp;
let bundle: string;
let folder: string;
beforeAll(async () => {
  app = await startTestApp();
  bundle = await bundleWorker("inngest/functions/testing/ask-and-die.ts");
  folder = await mkdtemp(path.join(tmpdir(), "ferry-die-"));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks for work in a process that is killed before the event is sent; answers the job that is left. */
async function askAndDie(ctx: ServiceContext, ...what: string[]): Promise<string> {
  const child = spawn(process.execPath, [bundle, what[0]!, ctx.ownerId, ...what.slice(1)], {
    env: { ...process.env, FERRY_DATA_DIR: folder, STORAGE_URL: `file:${folder}` },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  const jobs = await ctx.db.sql<{ id: string }[]>`
    select id from jobs where owner_id = ${ctx.ownerId} and state = 'pending' order by id desc`;
  expect(jobs).toHaveLength(1);
  return jobs[0]!.id;
}

it.each(["backup", "export"])("a %s whose event was never sent is begun, and once only", async (what) => {
  const ctx = await app.newUser();
  await app.importFile(ctx, "title\nfirst\n", { newCollection: { name: "Things" }, name: "things.csv" });
  const jobId = await askAndDie(ctx, what);
  expect(await waitForJob(ctx, jobId, 1)).toMatchObject({ state: "pending" });
  expect(await resendEvents(ctx)).toBe(1);
  await resendEvents(ctx);
  expect(await waitForJob(ctx, jobId, 30)).toMatchObject({ state: "completed" });
  expect(await resendEvents(ctx)).toBe(0);
  const runs = await ctx.db.sql`
    select r.id from engine.run r join engine.event e on e.id = r.event_id where e.name = ${`${what}/requested`}
      and e.payload -> 'data' ->> ${`${what}Id`} = (select subject_id::text from jobs where id = ${jobId})`;
  expect(runs).toHaveLength(1);
});

it("a check of a backup whose event was never sent is begun, also of one that is gone by then", async () => {
  const ctx = await app.newUser();
  const { id, jobId } = await createBackup(ctx, CreateBackupBody.parse({}));
  await waitForJob(ctx, jobId, 30);
  const checkJobId = await askAndDie(ctx, "check", id);
  expect(await resendEvents(ctx)).toBe(1);
  expect(await waitForJob(ctx, checkJobId, 30)).toMatchObject({ state: "completed" });
  expect((await getBackup(ctx, id)).lastVerified).toMatchObject({ outcome: "sound" });

  const lateJobId = await askAndDie(ctx, "check", id);
  await ctx.db.sql`delete from backups where id = ${id}`;
  expect(await resendEvents(ctx)).toBe(1);
  expect(await waitForJob(ctx, lateJobId, 30)).toMatchObject({ state: "failed" });
  expect(await resendEvents(ctx)).toBe(0);
});
