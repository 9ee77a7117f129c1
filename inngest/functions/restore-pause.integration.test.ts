import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "@/inngest/functions/testing";
import { backUp, contentOf, plan, stagedTables } from "@/inngest/functions/testing/restores";
import { RunPlanBody } from "@/lib/contracts/restores";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { cancelJob } from "@/lib/services/jobs/cancel-job";
import { getJob } from "@/lib/services/jobs/get-job";
import { pauseJob } from "@/lib/services/jobs/pause-job";
import { resumeJob } from "@/lib/services/jobs/resume-job";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { createRecord } from "@/lib/services/records/create";
import { runRestore } from "@/lib/services/restores/run-restore";
import { startRestoreRun } from "@/lib/services/restores/undo";
import { getRestore, requireRestore } from "@/lib/services/restores/view";

/** Any number: a lock that rows wait at. */
const GATE = 4_620_803;
const NAMES = ["Books", "Letters", "Words"];

let app: TestApp;
let ctx: ServiceContext;
beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
  // Every record that is written waits at the gate while it is closed, inside its chunk's transaction.
  await ctx.db.sql.unsafe(`
    create function wait_at_gate() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock_shared(${GATE}); return coalesce(new, old); end $$`);
});
afterEach(() => ctx.db.sql.unsafe("drop trigger if exists gate on records"));
afterAll(() => app.close());
beforeEach(async () => {
  ctx = await app.newUser();
});

/** Three collections of one record each, a backup of them, and the records deleted since. */
async function emptiedSince(): Promise<{ full: unknown; empty: unknown; id: string; jobId: string }> {
  for (const name of NAMES) {
    const { id } = await createCollection(ctx, { name, fields: [{ name: "word", type: "text" }] });
    await createRecord(ctx, id, { data: { word: name } });
  }
  const full = await contentOf(ctx);
  const backupId = await backUp(ctx);
  await ctx.db.sql`delete from records where owner_id = ${ctx.ownerId}`;
  const empty = await contentOf(ctx);
  const { id, jobId } = await plan(ctx, backupId);
  return { full, empty, id, jobId };
}

async function until(what: string, reached: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await delay(20);
  }
}

const isWaiting = async () =>
  (
    await ctx.db.sql`select 1 from pg_locks where locktype = 'advisory' and objid = ${GATE} and not granted
                  and database = (select oid from pg_database where datname = current_database())`
  ).length > 0;

/** Runs a job until its first collection is being written, asks it to pause there, and waits until it rests. */
async function pausedInside(start: () => Promise<string>): Promise<string> {
  await ctx.db.sql.unsafe(
    "create trigger gate before insert or delete on records for each row execute function wait_at_gate()",
  );
  const gate = await ctx.db.sql.reserve();
  let jobId: string;
  try {
    await gate`select pg_advisory_lock(${GATE})`;
    jobId = await start();
    await until("a record at the gate", isWaiting);
    expect(await pauseJob(ctx, jobId)).toMatchObject({ state: "processing", pauseRequested: true });
  } finally {
    await gate`select pg_advisory_unlock(${GATE})`;
    gate.release();
  }
  await until("the pause", async () => (await getJob(ctx, jobId)).state === "paused");
  await ctx.db.sql.unsafe("drop trigger gate on records");
  return jobId;
}

const begun = async (id: string) => {
  const row = await requireRestore(ctx, id);
  await runRestore(ctx, row, RunPlanBody.parse({}));
  return row.jobId;
};

async function countRecords(): Promise<number> {
  const [row] = await ctx.db.sql<{ count: number }[]>`
    select count(*)::int8 as count from records where owner_id = ${ctx.ownerId}`;
  return row!.count;
}

/** A week goes by for all that waits, until it has had its effect. */
const afterAWeek = (what: string, reached: () => Promise<boolean>) =>
  until(what, async () => {
    await ctx.db
      .sql`update engine.job set due_at = now() where kind = 'wake' and due_at > now() + interval '6 days'`;
    return await reached();
  });

const hasEnded = (jobId: string) => async () => (await getJob(ctx, jobId)).finishedAt !== null;

describe("a paused restore", () => {
  it("rests between two collections, keeps them its own, and goes on to the end", async () => {
    const { full, id } = await emptiedSince();
    const jobId = await pausedInside(() => begun(id));
    expect(await countRecords()).toBe(1);
    expect((await getRestore(ctx, id)).state).toBe("restoring");
    const [writers] = await ctx.db.sql`
      select count(writer_id)::int8 as count from collections where owner_id = ${ctx.ownerId}`;
    expect(writers!.count).toBe(3);

    expect((await resumeJob(ctx, jobId)).state).toBe("processing");
    expect((await waitForJob(ctx, jobId, 60)).state).toBe("completed");
    expect(await contentOf(ctx)).toEqual(full);
    expect((await getRestore(ctx, id)).result).toMatchObject({ added: 3 });
  });

  it("can be cancelled, and then nothing of it remains", async () => {
    const { empty, id } = await emptiedSince();
    const jobId = await pausedInside(() => begun(id));
    await cancelJob(ctx, jobId);
    expect((await waitForJob(ctx, jobId, 60)).state).toBe("cancelled");
    expect(await contentOf(ctx)).toEqual(empty);
  });

  it("that nobody resumes within a week is cancelled, says so, and leaves nothing", async () => {
    const { full, empty, id } = await emptiedSince();
    const jobId = await pausedInside(() => begun(id));
    expect(await countRecords()).toBe(1);
    await afterAWeek("the end of the restore", hasEnded(jobId));
    expect((await getJob(ctx, jobId)).state).toBe("cancelled");
    expect(await getRestore(ctx, id)).toMatchObject({
      state: "cancelled",
      failure: {
        code: "pause-ran-out",
        message: "The restore was paused for 7 days, so it was cancelled. Nothing of it remains.",
      },
    });
    expect(await contentOf(ctx)).toEqual(empty);
    await until("the staged rows to be gone", async () => (await stagedTables(ctx)) === 0);
    const held = await ctx.db.sql`
      select from collections where owner_id = ${ctx.ownerId} and writer_id is not null`;
    expect(held).toHaveLength(0);
    await expect(resumeJob(ctx, jobId)).rejects.toMatchObject({ status: 409 });
    // Its collections are free: the same can be done again.
    const again = await plan(ctx, (await requireRestore(ctx, id)).backupId!);
    expect((await waitForJob(ctx, await begun(again.id), 60)).state).toBe("completed");
    expect(await contentOf(ctx)).toEqual(full);
  });

  it("cannot be paused while it waits for a person", async () => {
    const { jobId } = await emptiedSince();
    await expect(pauseJob(ctx, jobId)).rejects.toMatchObject({ code: "job-waits" });
  });
});

describe("its undo and its redo", () => {
  it("go on by themselves after a week: half an undo is nothing to leave", async () => {
    const { empty, id } = await emptiedSince();
    expect((await waitForJob(ctx, await begun(id), 60)).state).toBe("completed");
    const undo = await pausedInside(
      async () => (await startRestoreRun(ctx, await requireRestore(ctx, id), "undo")).jobId,
    );
    await afterAWeek("the end of the undo", hasEnded(undo));
    expect((await getJob(ctx, undo)).state).toBe("completed");
    expect(await contentOf(ctx)).toEqual(empty);
  });

  it("rest between two collections as well, and cannot be cancelled there", async () => {
    const { full, empty, id } = await emptiedSince();
    expect((await waitForJob(ctx, await begun(id), 60)).state).toBe("completed");
    const start = (kind: "undo" | "redo") => async () =>
      (await startRestoreRun(ctx, await requireRestore(ctx, id), kind)).jobId;

    const undo = await pausedInside(start("undo"));
    expect(await countRecords()).toBe(2);
    expect(await getJob(ctx, undo)).toMatchObject({ action: "undo", subjectKind: "restore", subjectId: id });
    await expect(cancelJob(ctx, undo)).rejects.toMatchObject({ code: "undo-not-cancellable" });
    await resumeJob(ctx, undo);
    expect((await waitForJob(ctx, undo, 60)).state).toBe("completed");
    expect(await contentOf(ctx)).toEqual(empty);

    const redo = await pausedInside(start("redo"));
    expect(await getJob(ctx, redo)).toMatchObject({ action: "redo", subjectKind: "restore", subjectId: id });
    expect(await countRecords()).toBe(1);
    await resumeJob(ctx, redo);
    expect((await waitForJob(ctx, redo, 60)).state).toBe("completed");
    expect(await contentOf(ctx)).toEqual(full);
  });
});
