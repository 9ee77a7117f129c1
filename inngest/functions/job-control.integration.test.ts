import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { getImport } from "@/lib/services/imports/view";
import type { ServiceContext } from "@/lib/services/context";
import { cancelJob } from "@/lib/services/jobs/cancel-job";
import { getJob } from "@/lib/services/jobs/get-job";
import { pauseJob } from "@/lib/services/jobs/pause-job";
import { resumeJob } from "@/lib/services/jobs/resume-job";
import { retryJob } from "@/lib/services/jobs/retry-job";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let ctx: ServiceContext;

beforeAll(async () => {
  app = await startTestApp();
  ctx = await app.newUser();
});
afterEach(() => ctx.db.sql`drop trigger if exists hurdle on records`);
afterAll(() => app.close());

const ROWS = 60_000;
/** Any number: a lock that rows wait at. */
const GATE = 4_620_799;
const rowsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${from + i},text ${from + i}\n`).join("");

/** A draft into a new collection, ready to be started. */
async function draftOf(csv: string): Promise<{ id: string; jobId: string }> {
  return await app.importFile(ctx, csv, {
    newCollection: { name: "Numbers" },
    options: { autoStart: false },
    name: "numbers.csv",
  });
}

async function begin(id: string): Promise<void> {
  const { beginImport } = await import("@/lib/services/imports/begin");
  await beginImport(ctx, id, {});
}

/** Every record from row `row` on meets `then` in the database itself, inside its chunk's transaction. */
async function hurdle(row: number, then: string): Promise<void> {
  await ctx.db.sql.unsafe(`create or replace function hurdle() returns trigger language plpgsql as $$
    begin if (new.data ->> 'n')::int >= ${row} then ${then} end if; return new; end $$`);
  await ctx.db.sql.unsafe(
    `create or replace trigger hurdle before insert on records for each row execute function hurdle()`,
  );
}

async function until(what: string, reached: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await reached())) {
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await delay(20);
  }
}

const inState = (jobId: string, state: string) =>
  until(`the state ${state}`, async () => (await getJob(ctx, jobId)).state === state);

async function countRecords(collectionId: string | null): Promise<number> {
  const [row] = await ctx.db.sql<{ count: number }[]>`
    select count(*)::int8 as count from records where collection_id = ${collectionId}`;
  return row!.count;
}

/**
 * Runs an import until its first chunks are in, and pauses it there: the next chunks wait at a gate until the pause has
 * been asked for, and are the last ones in.
 */
async function pausedMidway(): Promise<{ id: string; jobId: string }> {
  const draft = await draftOf(`n,t\n${rowsOf(0, ROWS)}`);
  await hurdle(20_000, `perform pg_advisory_xact_lock_shared(${GATE});`);
  const gate = await ctx.db.sql.reserve();
  await gate`select pg_advisory_lock(${GATE})`;
  try {
    await begin(draft.id);
    await until("the first chunks", async () => (await getJob(ctx, draft.jobId)).counts.succeeded >= 20_000);
    expect(await pauseJob(ctx, draft.jobId)).toMatchObject({ state: "processing", pauseRequested: true });
  } finally {
    await gate`select pg_advisory_unlock(${GATE})`;
    gate.release();
  }
  await inState(draft.jobId, "paused");
  expect((await getJob(ctx, draft.jobId)).counts.processed).toBe(40_000);
  await ctx.db.sql`drop trigger hurdle on records`;
  return draft;
}

describe("a paused import", { timeout: 120_000 }, () => {
  it("rests between two chunks, keeps its collection, and goes on without losing or doubling a row", async () => {
    const { id, jobId } = await pausedMidway();
    const paused = await getJob(ctx, jobId);
    const { collectionId } = await getImport(ctx, id);
    expect(await countRecords(collectionId)).toBe(paused.counts.processed);

    const other = await app.importFile(ctx, `n,t\n${rowsOf(ROWS, ROWS + 10)}`, {
      collectionId: collectionId!,
      options: { autoStart: false },
    });
    await begin(other.id);
    await until("the other import to wait", async () => (await getJob(ctx, other.jobId)).phase === "waiting");
    expect((await getJob(ctx, other.jobId)).notice).toContain("“numbers.csv” is paused");
    await delay(500);
    expect(await countRecords(collectionId)).toBe(paused.counts.processed);

    expect((await resumeJob(ctx, jobId)).state).toBe("processing");
    expect((await app.settled(ctx, id)).result?.summary.imported).toBe(ROWS);
    expect((await app.settled(ctx, other.id)).result?.summary.imported).toBe(10);
    expect((await getJob(ctx, other.jobId)).notice).toBeNull();
    expect(await countRecords(collectionId)).toBe(ROWS + 10);
  });

  it("can be cancelled, and then nothing of it remains", async () => {
    const { id, jobId } = await pausedMidway();
    await cancelJob(ctx, jobId, "nothing");
    const view = await app.settled(ctx, id);
    expect(view).toMatchObject({ state: "cancelled", result: null, collectionId: null });
    await expect(retryJob(ctx, jobId, { failedRows: false })).rejects.toMatchObject({ code: "source-gone" });
  });

  it("can be cancelled so that what is in stays: counted exactly, and undoable", async () => {
    const { id, jobId } = await pausedMidway();
    const { processed } = (await getJob(ctx, jobId)).counts;
    await cancelJob(ctx, jobId, "applied");
    const view = await app.settled(ctx, id);
    expect(view).toMatchObject({
      state: "cancelled",
      result: {
        summary: { totalRecords: ROWS, imported: processed, notReached: ROWS - processed, failed: 0 },
      },
    });
    expect(await countRecords(view.collectionId)).toBe(processed);
    expect(view.undoableUntil).not.toBeNull();

    // Everything again, from the rows that are still staged: those that are in already are recognised.
    const again = await retryJob(ctx, jobId, { failedRows: false });
    const done = await app.settled(ctx, again.id);
    expect(done.result?.summary).toMatchObject({ imported: ROWS - processed, unchanged: processed });
    expect(await countRecords(view.collectionId)).toBe(ROWS);
  });

  it("reads its file to the end first when it was asked while reading", async () => {
    const draft = await draftOf(`n,t\n${rowsOf(0, ROWS)}`);
    await begin(draft.id);
    await until("reading", async () => (await getJob(ctx, draft.jobId)).startedAt !== null);
    await pauseJob(ctx, draft.jobId);
    await inState(draft.jobId, "paused");
    expect(await countRecords((await getImport(ctx, draft.id)).collectionId)).toBe(0);
    await resumeJob(ctx, draft.jobId);
    expect((await app.settled(ctx, draft.id)).state).toBe("completed");
  });
});

describe("a fault", { timeout: 120_000 }, () => {
  it("that passes is told, tried again, and forgotten", async () => {
    const draft = await draftOf(`n,t\n${rowsOf(0, ROWS)}`);
    await hurdle(30_000, "raise exception 'no space left' using errcode = '53100';");
    await begin(draft.id);
    await inState(draft.jobId, "retrying");
    const told = await getJob(ctx, draft.jobId);
    expect(told.retry).toMatchObject({ number: 1, of: 3, reason: "The database's disk is full." });
    expect(told.retry?.nextAt).not.toBeNull();
    await ctx.db.sql`drop trigger hurdle on records`;
    const done = await app.settled(ctx, draft.id);
    expect(done.result?.summary).toMatchObject({ imported: ROWS, failed: 0 });
    expect(await getJob(ctx, draft.jobId)).toMatchObject({ state: "completed", retry: null, attempt: 1 });
    const events = await ctx.db.sql<{ event: string }[]>`
      select event from job_events where job_id = ${draft.jobId} and event = 'retrying'`;
    expect(events.length).toBe(2);
  });

  it("that does not pass is tried three times more; then everything is back, and the import says why", async () => {
    const first = await app.importFile(ctx, `n,t\n${rowsOf(0, 10)}`, { newCollection: { name: "Numbers" } });
    const draft = await app.importFile(ctx, `n,t\n${rowsOf(10, ROWS)}`, {
      collectionId: first.collectionId!,
      options: { autoStart: false },
    });
    await hurdle(30_000, "raise exception 'no space left' using errcode = '53100';");
    const begun = Date.now();
    await begin(draft.id);
    const done = await app.settled(ctx, draft.id);
    expect(done).toMatchObject({ state: "rolled_back", failure: { code: "gave-up" } });
    expect(done.failure?.message).toContain("disk is full");
    expect(Date.now() - begun).toBeGreaterThan(14_000);
    expect(await countRecords(first.collectionId)).toBe(10);
    await ctx.db.sql`drop trigger hurdle on records`;
    const again = await retryJob(ctx, draft.jobId, { failedRows: false });
    expect((await app.settled(ctx, again.id)).result?.summary.imported).toBe(ROWS - 10);
  });

  it("of our own is not tried again", async () => {
    const draft = await draftOf(`n,t\n${rowsOf(0, 100)}`);
    await hurdle(50, "raise exception 'wrong' using errcode = '22000';");
    await begin(draft.id);
    const done = await app.settled(ctx, draft.id);
    expect(done).toMatchObject({ state: "failed", failure: { code: "internal" } });
    const retried = await ctx.db.sql`
      select 1 from job_events where job_id = ${draft.jobId} and event = 'retrying'`;
    expect(retried).toHaveLength(0);
  });
});
