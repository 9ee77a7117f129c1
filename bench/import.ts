/**
 * Imports 1,000,000 rows × 8 columns through the whole road (detect, map, stage, match, apply, finish) by a worker
 * process of its own, against a bare COPY of the same CSV into a typed table with a key on the same server.
 *
 *   npm run bench import [csv|FILE.xlsx] [rows]        needs TEST_DATABASE_URL, which `npm run bench` sets
 *
 * The worker is dist/worker.mjs, or the bundle that FERRY_BENCH_WORKER names, or with FERRY_BENCH_SOURCE=1 the sources.
 */
import { createReadStream } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { csvFile } from "@/bench/lib/trips-csv";
import { startWorker } from "@/bench/lib/worker";
import { connect, type Database } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";

const [what = "csv", rowsText = "1000000"] = process.argv.slice(2);
const rows = Number(rowsText);

async function main(): Promise<void> {
  const csv = await csvFile(rows);
  const file = what === "csv" ? csv : what;
  const database = await createTestDatabase();
  const dataDir = path.join(tmpdir(), `ferry-bench-${process.pid}`);
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    FERRY_DATA_DIR: dataDir,
    APP_SECRET: "a secret of the benchmark, and of nobody else",
    LOG_LEVEL: "warn",
  });
  const db = connect(database.url);
  const { systemContext } = await import("@/lib/composition/context");
  const { createUploadFromStream } = await import("@/lib/services/uploads/create-from-stream");
  const { createImport } = await import("@/lib/services/imports/create");
  const { getImport } = await import("@/lib/services/imports/view");
  const { startUndo } = await import("@/lib/services/imports/undo");
  const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
  const { ImportOptionsShape } = await import("@/lib/contracts/imports");

  const before = await bareCopy(db, csv);
  const worker = startWorker();
  const ownerId = newId();
  await db.orm.insert(users).values({ id: ownerId, email: "bench@example.org", passwordHash: "-" });
  const ctx: ServiceContext = { ...systemContext(), ownerId };
  try {
    const importOnce = async (
      label: string,
      into: { collectionId: string } | { newCollection: { name: string; template: "trips" } },
    ) => {
      const upload = await seconds(() =>
        createUploadFromStream(ctx, { name: file, body: createReadStream(file) }),
      );
      const started = performance.now();
      const cpu = worker.cpuSeconds();
      const view = await createImport(ctx, {
        ...into,
        uploadId: upload.value.id,
        options: ImportOptionsShape.parse({}),
        mapping: undefined,
      });
      while ((await waitForJob(ctx, view.jobId, 600)).finishedAt === null);
      const took = (performance.now() - started) / 1000;
      const done = await getImport(ctx, view.id);
      const phases = await db.sql<{ phase: string; s: number }[]>`
        select data ->> 'phase' as phase, extract(epoch from max(created_at) - min(created_at))::float8 as s
        from job_events where job_id = ${view.jobId} group by 1 order by min(seq)`;
      console.log(
        `${label}: ${took.toFixed(1)} s (${JSON.stringify(done.result?.summary ?? done.failure)}), upload ${upload.seconds.toFixed(1)} s, worker CPU ${(worker.cpuSeconds() - cpu).toFixed(1)} s, peak RSS ${worker.peakMb()} MB; ${phases.map((p) => `${p.phase} ${p.s.toFixed(1)}`).join(", ")}`,
      );
      return { took, view: done };
    };
    const first = await importOnce("first import", { newCollection: { name: "Trips", template: "trips" } });
    const again = await importOnce("same file again", { collectionId: first.view.collectionId! });
    const undoStarted = performance.now();
    const undo = await startUndo(ctx, first.view.id, { changedSince: "keep" });
    while ((await waitForJob(ctx, undo.jobId, 600)).finishedAt === null);
    const undoTook = (performance.now() - undoStarted) / 1000;
    const after = await bareCopy(db, csv);
    const bare = (before + after) / 2;
    console.log(`bare COPY: ${before.toFixed(1)} s before, ${after.toFixed(1)} s after`);
    console.log(
      `ratios to bare COPY: import ${(first.took / bare).toFixed(2)}, again ${(again.took / bare).toFixed(2)}, undo ${(undoTook / bare).toFixed(2)}`,
    );
  } finally {
    worker.stop();
    await systemContext().db.close();
    await db.close();
    await database.drop();
  }
  process.exit(0);
}

async function bareCopy(db: Database, file: string): Promise<number> {
  await db.sql`drop table if exists bare`;
  await db.sql`create table bare (country text not null, entry_date date not null, exit_date date, visa_type text not null,
    max_days int, passport_country text, notes text, external_id text primary key)`;
  const { seconds: took } = await seconds(async () => {
    const copy = await db.sql`copy bare from stdin with (format csv, header)`.writable();
    await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), copy);
  });
  await db.sql`drop table bare`;
  return took;
}

async function seconds<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - started) / 1000 };
}

void main();
