import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { advanceJob, createJob } from "@/db/queries/jobs";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { cancelJob } from "@/lib/services/jobs/cancel-job";
import { enterPause } from "@/lib/services/jobs/enter-pause";
import { getJob } from "@/lib/services/jobs/get-job";
import { listJobs } from "@/lib/services/jobs/list-jobs";
import { noteAttempt, noteFault, noteRecovery } from "@/lib/services/jobs/note-retry";
import { pauseJob } from "@/lib/services/jobs/pause-job";
import { resumeJob } from "@/lib/services/jobs/resume-job";
import { retryJob } from "@/lib/services/jobs/retry-job";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { watchJob, watchUser, type StreamEvent } from "@/lib/services/jobs/watch-jobs";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
let ctx: ServiceContext;

beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
});

const of = (owner: ServiceContext) => ({
  ownerId: owner.ownerId,
  subjectId: newId(),
  title: "trips.csv",
});
const newJob = (owner = ctx, kind: "import" | "export" = "import") =>
  createJob(ctx.db.sql, { ...of(owner), kind });
const newUndo = (undoes: "import" | "restore", action: "undo" | "redo") =>
  createJob(ctx.db.sql, { ...of(ctx), kind: "undo", undoes, action });
const advance = (jobId: string, processed = 1) =>
  advanceJob(ctx.db.sql, jobId, {
    event: "batch_complete",
    state: "processing",
    add: { processed, batch: 1 },
  });
const finish = (jobId: string) => advanceJob(ctx.db.sql, jobId, { event: "completed", state: "completed" });

/** Reads a stream until it ends or `count` events came. */
async function take(
  stream: AsyncIterable<StreamEvent> | undefined,
  count = Infinity,
): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream ?? []) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

const watch = async (jobId: string, lastEventId?: number, signal = new AbortController().signal) =>
  watchJob(ctx, jobId, lastEventId, signal);
const ids = (events: StreamEvent[]) => events.map((e) => e.id);
const upTo = (last: number, from = 0) => Array.from({ length: last - from + 1 }, (_, i) => from + i);

describe("the events of a job", () => {
  it("begin with the job as it is, go on live, and end with the job", async () => {
    const jobId = await newJob();
    await advance(jobId);
    const stream = take(await watch(jobId));
    await advance(jobId);
    await finish(jobId);
    const events = await stream;
    expect(events[0]).toMatchObject({ event: "connected", data: { id: jobId } });
    expect(ids(events)).toEqual(upTo(3, events[0]!.id));
    expect(events.at(-1)).toMatchObject({
      event: "completed",
      data: { state: "completed", percentage: 100 },
    });
  });

  it("are replayed from the last one the client saw, exactly", async () => {
    const jobId = await newJob();
    for (let i = 0; i < 250; i++) await advance(jobId);
    await finish(jobId);
    const events = await take(await watch(jobId, 17));
    expect(ids(events)).toEqual(upTo(251, 17));
    expect(events[1]).toMatchObject({ event: "batch_complete", data: { counts: { processed: 18 } } });
  });

  it("of a job that has ended are its last event; and nothing for who has seen that", async () => {
    const jobId = await newJob();
    await advance(jobId);
    await finish(jobId);
    const events = await take(await watch(jobId));
    expect(events.map((e) => [e.id, e.event])).toEqual([
      [1, "connected"],
      [2, "completed"],
    ]);
    expect(await watch(jobId, 2)).toBeUndefined();
    expect(await watch(jobId, 99)).toBeUndefined();
  });

  it("have no gap and no double under concurrent writers and reconnecting readers", async () => {
    const jobId = await newJob();
    const writers = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let i = 0; i < 40; i++) await advance(jobId);
      }),
    ).then(() => finish(jobId));
    const readers = Array.from({ length: 3 }, async (_, reader) => {
      const seen: StreamEvent[] = [];
      let last = 0;
      // Each connection breaks after a few events; the next one goes on from the last id.
      for (;;) {
        const stream = await watch(jobId, last);
        if (!stream) break;
        for (const event of await take(stream, 8 + reader * 5)) {
          if (event.event !== "connected") seen.push(event);
          last = event.id;
        }
        if (seen.at(-1)?.event === "completed") break;
      }
      return seen;
    });
    await writers;
    for (const seen of await Promise.all(readers)) {
      expect(ids(seen)).toEqual(upTo(161, 1));
      expect(seen.at(-1)).toMatchObject({ event: "completed", data: { counts: { processed: 160 } } });
    }
  });

  it("go on after the listening connection was cut", async () => {
    const jobId = await newJob();
    const stream = take(await watch(jobId));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const admin = postgres(process.env.TEST_DATABASE_URL!, { max: 1 });
    await admin`select pg_terminate_backend(pid) from pg_stat_activity
                where application_name = 'ferry-listen' and datname = ${new URL(ctx.db.url).pathname.slice(1)}`;
    await admin.end();
    await advance(jobId);
    await finish(jobId);
    expect(ids(await stream)).toEqual([0, 1, 2]);
  });

  it("end when the client goes away, and leave no connection behind", async () => {
    const jobId = await newJob();
    const abort = new AbortController();
    const stream = take(await watch(jobId, undefined, abort.signal));
    await advance(jobId);
    abort.abort();
    expect((await stream).length).toBeGreaterThanOrEqual(1);
    await expect
      .poll(async () => {
        const open = await ctx.db.sql`
          select 1 from pg_stat_activity where application_name = 'ferry-listen' and datname = current_database()`;
        return open.length;
      })
      .toBe(0);
  });
});

describe("the events of a user", () => {
  it("are those of all jobs, in the order of their commits, and nobody else's", async () => {
    const stranger = await bench.newUser();
    const abort = new AbortController();
    const jobs = await Promise.all([newJob(), newJob(), newJob()]);
    const theirs = await newJob(stranger);
    const stream = take(await watchUser(ctx, undefined, abort.signal), 91);
    await Promise.all(
      [...jobs, theirs].map(async (jobId) => {
        for (let i = 0; i < 30; i++) await advance(jobId);
      }),
    );
    const events = await stream;
    const positions = ids(events);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(new Set(positions.slice(1)).size).toBe(90);
    for (const jobId of jobs) {
      const own = events.filter((e) => (e.data as { id?: string }).id === jobId);
      expect(own).toHaveLength(30);
    }
    const middle = positions[40]!;
    expect(ids(await take(await watchUser(ctx, middle, abort.signal), 51))).toEqual([
      middle,
      ...positions.slice(41),
    ]);
  });

  it("miss nothing when an earlier position is committed later", async () => {
    const [slow, quick] = await Promise.all([newJob(), newJob()]);
    const stream = take(await watchUser(ctx, undefined, new AbortController().signal), 3);
    let overtaking: Promise<unknown> = Promise.resolve();
    await ctx.db.sql.begin(async (tx) => {
      await advanceJob(tx, slow, { event: "progress" });
      overtaking = advance(quick);
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await overtaking;
    expect((await stream).map((e) => (e.data as { id?: string }).id)).toEqual([undefined, slow, quick]);
  });
});

describe("waiting for a job", () => {
  it("ends as soon as the job does, or needs a decision", async () => {
    const jobId = await newJob();
    const begun = Date.now();
    const waiting = waitForJob(ctx, jobId, 30);
    await advance(jobId);
    await advanceJob(ctx.db.sql, jobId, { event: "awaiting_review", state: "awaiting_review" });
    expect((await waiting).state).toBe("awaiting_review");
    await finish(jobId);
    expect((await waitForJob(ctx, jobId, 30)).state).toBe("completed");
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  it("ends when the time is over", async () => {
    expect((await waitForJob(ctx, await newJob(), 0.2)).state).toBe("pending");
  });
});

describe("a job", () => {
  it("says what it does, and with what, whatever its title", async () => {
    const told = async (jobId: string) => {
      const { kind, action, subjectKind } = await getJob(ctx, jobId);
      return [kind, action, subjectKind];
    };
    expect(await told(await newJob())).toEqual(["import", "run", "import"]);
    expect(await told(await newUndo("import", "redo"))).toEqual(["undo", "redo", "import"]);
    const jobId = await newUndo("restore", "undo");
    expect(await told(jobId)).toEqual(["undo", "undo", "restore"]);
    await finish(jobId);
    await expect(retryJob(ctx, jobId, { failedRows: false })).rejects.toThrow(
      "the undo again from its restore",
    );
    const [event] = await take(await watch(jobId));
    expect(event!.data).toMatchObject({ id: jobId, action: "undo", subjectKind: "restore" });
  });
});

describe("the list of jobs", () => {
  it("is paged, newest first, and divided by whether they have ended", async () => {
    const jobs: string[] = [];
    for (let i = 0; i < 5; i++) jobs.push(await newJob());
    await finish(jobs[2]!);
    const first = await listJobs(ctx, { limit: 3 });
    expect(first.items.map((j) => j.id)).toEqual([jobs[4], jobs[3], jobs[2]]);
    const second = await listJobs(ctx, { limit: 3, cursor: first.nextCursor! });
    expect(second).toMatchObject({ items: [{ id: jobs[1] }, { id: jobs[0] }], nextCursor: null });
    expect((await listJobs(ctx, { limit: 9, state: "finished" })).items.map((j) => j.id)).toEqual([jobs[2]]);
    expect((await listJobs(ctx, { limit: 9, state: "active" })).items).toHaveLength(4);
    await expect(listJobs(ctx, { limit: 3, cursor: "nonsense" })).rejects.toMatchObject({ status: 422 });
  });

  it("and everything else of a job is hidden from strangers", async () => {
    const jobId = await newJob();
    const stranger = await bench.newUser();
    const missing = { status: 404 };
    expect((await listJobs(stranger, { limit: 9 })).items).toEqual([]);
    await expect(getJob(stranger, jobId)).rejects.toMatchObject(missing);
    await expect(cancelJob(stranger, jobId)).rejects.toMatchObject(missing);
    await expect(waitForJob(stranger, jobId, 1)).rejects.toMatchObject(missing);
    await expect(pauseJob(stranger, jobId)).rejects.toMatchObject(missing);
    await expect(resumeJob(stranger, jobId)).rejects.toMatchObject(missing);
    await expect(retryJob(stranger, jobId, { failedRows: false })).rejects.toMatchObject(missing);
    await expect(watchJob(stranger, jobId, undefined, new AbortController().signal)).rejects.toMatchObject(
      missing,
    );
  });
});

describe("cancelling", () => {
  it("marks the job for whoever works for it, and ends a pause", async () => {
    const jobId = await newJob(ctx, "export");
    await advance(jobId);
    expect((await cancelJob(ctx, jobId)).state).toBe("processing");
    const [row] = await ctx.db
      .sql`select cancel_requested_at, pause_requested_at from jobs where id = ${jobId}`;
    expect(row!.cancel_requested_at).toBeInstanceOf(Date);
    expect(row!.pause_requested_at).toBeNull();
  });

  it("is refused when the job has ended, and for an undo", async () => {
    const jobId = await newJob();
    await finish(jobId);
    await expect(cancelJob(ctx, jobId)).rejects.toMatchObject({ status: 409, code: "job-finished" });
    const undo = await newUndo("import", "undo");
    await expect(cancelJob(ctx, undo)).rejects.toMatchObject({ status: 409, code: "undo-not-cancellable" });
  });
});

describe("pausing and resuming", () => {
  it("is refused where nothing could pause, in words", async () => {
    const refused = async (jobId: string) =>
      pauseJob(ctx, jobId).then(
        () => "paused",
        (error: { code: string }) => error.code,
      );
    const draft = await newJob();
    expect(await refused(draft)).toBe("job-waits");
    const exporting = await newJob(ctx, "export");
    await advance(exporting);
    expect(await refused(exporting)).toBe("not-supported");
    const waiting = await newJob();
    await advanceJob(ctx.db.sql, waiting, { event: "awaiting_review", state: "awaiting_review" });
    expect(await refused(waiting)).toBe("job-waits");
    await finish(waiting);
    expect(await refused(waiting)).toBe("job-finished");
    await expect(resumeJob(ctx, exporting)).rejects.toMatchObject({ status: 409, code: "job-not-paused" });
    await expect(retryJob(ctx, exporting, { failedRows: false })).rejects.toMatchObject({
      code: "job-not-finished",
    });
  });

  it("is seen at once, before the work has come to rest, and can be taken back", async () => {
    const jobId = await newJob();
    await advance(jobId);
    expect(await pauseJob(ctx, jobId)).toMatchObject({ state: "processing", pauseRequested: true });
    expect(await pauseJob(ctx, jobId)).toMatchObject({ pauseRequested: true });
    expect(await resumeJob(ctx, jobId)).toMatchObject({ state: "processing", pauseRequested: false });
    expect(bench.events.at(-1)).toMatchObject({ name: "job/resumed", data: { jobId } });
  });

  it("does not count the time of a pause into the rate", async () => {
    const jobId = await newJob();
    await advanceJob(ctx.db.sql, jobId, {
      event: "progress",
      state: "processing",
      phase: { name: "applying", total: 100 },
    });
    await advance(jobId, 50);
    await pauseJob(ctx, jobId);
    await enterPause(ctx, jobId);
    await ctx.db.sql`update jobs set phase_started_at = phase_started_at - interval '1 hour',
      pause_requested_at = pause_requested_at - interval '59 minutes 55 seconds' where id = ${jobId}`;
    await resumeJob(ctx, jobId);
    const { rowsPerSecond } = await advance(jobId, 10);
    expect(rowsPerSecond).toBeGreaterThan(5);
  });

  it("is told again when the person thought better of it before the work came to rest", async () => {
    const jobId = await newJob();
    await advance(jobId);
    await pauseJob(ctx, jobId);
    await resumeJob(ctx, jobId);
    const sent = bench.events.length;
    await enterPause(ctx, jobId);
    expect(bench.events).toHaveLength(sent + 1);
    expect((await getJob(ctx, jobId)).state).toBe("processing");
  });
});

describe("retries", () => {
  it("are noted with number, reason and moment, and forgotten once the work goes on", async () => {
    const jobId = await newJob();
    await advance(jobId);
    await noteFault(ctx, jobId, { attempt: 1, reason: "The disk is full." });
    const noted = await getJob(ctx, jobId);
    expect(noted).toMatchObject({
      state: "retrying",
      attempt: 3,
      retry: { number: 2, of: 3, reason: "The disk is full." },
    });
    expect(Date.parse(noted.retry!.nextAt!) - Date.now()).toBeGreaterThan(3_000);
    await noteAttempt(ctx, jobId, 2);
    expect((await getJob(ctx, jobId)).retry).toEqual({
      number: 2,
      of: 3,
      reason: "The disk is full.",
      nextAt: null,
    });
    await noteRecovery(ctx, jobId);
    expect(await getJob(ctx, jobId)).toMatchObject({ state: "processing", attempt: 1, retry: null });
  });
});
