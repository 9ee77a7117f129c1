/**
 * A million records changed by a file: an update in which every tenth row differs, and a replacing import (half of the
 * rows new, half of the records gone, the rest changed), each through the whole road by a worker process of its own, and
 * the undo of each. Baseline: a bare COPY of the same CSV into a typed table with a key on the same server. CPU seconds of
 * the worker and of the whole server are told besides.
 *
 *   npm run bench change [rows]        needs TEST_DATABASE_URL, which `npm run bench` sets
 */
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { serverSeconds } from "@/bench/lib/server-cpu";
import { connect } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { startWorker } from "@/bench/lib/worker";

const rows = Number(process.argv[2] ?? "1000000");
const folder = path.join(tmpdir(), `ferry-bench-change-${process.pid}`);

/** Row `i` of a delivery: `edition` changes the days of every `every`-th row. */
function line(i: number, edition: number, every: number): string {
  const day = new Date(Date.UTC(2000, 0, 1) + (i % 9_000) * 86_400_000).toISOString().slice(0, 10);
  const days = 30 + (i % 60) + (i % every === 0 ? edition : 0);
  return `EXT-${String(i).padStart(9, "0")},Country ${i % 200},${day},tourist,${days},Passport ${i % 90},"A note, about ""trip"" ${i}",${i * 3}\n`;
}

async function csv(name: string, from: number, edition: number, every: number): Promise<string> {
  const file = path.join(folder, name);
  function* pieces() {
    let text = "externalId,country,entryDate,visaType,maxDays,passportCountry,notes,number\n";
    for (let i = from; i < from + rows; i++) {
      text += line(i, edition, every);
      if (text.length < 256 * 1024) continue;
      yield text;
      text = "";
    }
    yield text;
  }
  await pipeline(Readable.from(pieces()), createWriteStream(file));
  return file;
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const database = await createTestDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    FERRY_DATA_DIR: folder,
    APP_SECRET: "a secret of the benchmark, and of nobody else",
    LOG_LEVEL: "warn",
  });
  const { systemContext } = await import("@/lib/composition/context");
  const { createCollection } = await import("@/lib/services/collections/create");
  const { createUploadFromStream } = await import("@/lib/services/uploads/create-from-stream");
  const { createImport } = await import("@/lib/services/imports/create");
  const { getImport } = await import("@/lib/services/imports/view");
  const { startUndo } = await import("@/lib/services/imports/undo");
  const { waitForJob } = await import("@/lib/services/jobs/wait-for-job");
  const { ImportOptionsShape } = await import("@/lib/contracts/imports");
  const db = connect(database.url);
  const worker = startWorker();
  const measured = async (work: () => Promise<unknown>) => {
    const cpuOf = async () => [worker.cpuSeconds(), await serverSeconds(db.sql)] as const;
    const before = await cpuOf();
    const started = performance.now();
    await work();
    const took = (performance.now() - started) / 1000;
    const after = await cpuOf();
    const cpu = after.map((seconds, n) => (seconds - before[n]!).toFixed(1)).join(" / ");
    return { took, cpu: `CPU of worker and server ${cpu} s` };
  };
  try {
    const ownerId = newId();
    await db.orm.insert(users).values({ id: ownerId, email: "bench@example.org", passwordHash: "-" });
    const ctx: ServiceContext = { ...systemContext(), ownerId };
    const text = (name: string) => ({ name, type: "text" as const });
    const collection = await createCollection(ctx, {
      name: "Trips",
      keyFields: ["externalId"],
      fields: [
        { ...text("externalId"), required: true },
        text("country"),
        { name: "entryDate", type: "date" },
        text("visaType"),
        { name: "maxDays", type: "integer" },
        text("passportCountry"),
        text("notes"),
        { name: "number", type: "integer" },
      ],
    });
    const first = await csv("first.csv", 0, 0, 10);
    const { took: bare } = await measured(async () => {
      await db.sql`create table bare (external_id text primary key, country text, entry_date date, visa_type text,
        max_days int, passport_country text, notes text, number int)`;
      const copy = await db.sql`copy bare from stdin with (format csv, header)`.writable();
      await pipeline(createReadStream(first, { highWaterMark: 256 * 1024 }), copy);
      await db.sql`drop table bare`;
    });
    const settle = async (jobId: string) => {
      while ((await waitForJob(ctx, jobId, 600)).finishedAt === null);
    };
    const deliver = async (label: string, file: string, options: object) => {
      const upload = await createUploadFromStream(ctx, { name: "trips.csv", body: createReadStream(file) });
      let id = "";
      const { took, cpu } = await measured(async () => {
        const view = await createImport(ctx, {
          collectionId: collection.id,
          uploadId: upload.id,
          options: ImportOptionsShape.parse(options),
          mapping: undefined,
        });
        id = view.id;
        await settle(view.jobId);
      });
      const { result, failure } = await getImport(ctx, id);
      console.log(
        `${label}: ${took.toFixed(1)} s = ${(took / bare).toFixed(2)} × bare COPY, ${cpu}, worker peak RSS ${worker.peakMb()} MB; ${JSON.stringify(result?.summary ?? failure)}`,
      );
      return id;
    };
    const undo = async (label: string, id: string) => {
      const { took, cpu } = await measured(async () =>
        settle((await startUndo(ctx, id, { changedSince: "keep" })).jobId),
      );
      console.log(`undo of ${label}: ${took.toFixed(1)} s = ${(took / bare).toFixed(2)} × bare COPY, ${cpu}`);
    };
    console.log(`bare COPY of ${rows} rows: ${bare.toFixed(1)} s`);
    await deliver("first import", first, {});
    const tenth = await deliver("update, 10 % changed", await csv("tenth.csv", 0, 1, 10), {});
    await undo("that update", tenth);
    const all = await deliver("update, all changed", await csv("all.csv", 0, 2, 1), {});
    await undo("that update", all);
    const replaced = await deliver("replace", await csv("replace.csv", rows / 2, 3, 1), {
      strategy: "replace",
    });
    await undo("that replace", replaced);
    await systemContext().db.close();
  } finally {
    worker.stop();
    await db.close();
    await database.drop();
  }
  process.exit(0);
}

void main();
