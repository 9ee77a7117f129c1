/**
 * Exports 1,000,000 records × 8 fields in each format, each in a process of its own whose output goes nowhere, and prints
 * CPU seconds (of that process, and of PostgreSQL meanwhile) and peak memory. For comparison the same rows by a bare
 * COPY, and by exceljs 4.4.0's streaming writer, which is installed into a temporary folder when the bench runs.
 *
 *   npm run bench export [rows] [formats, "copy" and "exceljs" among them]       needs TEST_DATABASE_URL
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import { serverSeconds } from "@/bench/lib/server-cpu";
import { beginSnapshot } from "@/db/bulk/snapshot";
import { connect, type Database, type Sql } from "@/db/client";
import { createTestDatabase } from "@/db/testing";
import { CreateExportBody } from "@/lib/contracts/exports";
import type { Field } from "@/lib/core/fields/types";
import { logger } from "@/lib/platform/logger";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import { exportPieces } from "@/lib/services/exports/entries";
import { containerOf } from "@/lib/services/exports/file-form";
import { pack } from "@/lib/services/exports/pack";
import { diskStore } from "@/lib/storage/drivers/disk";

const FORMATS = ["copy", "csv", "ndjson", "json", "xlsx", "exceljs", "anonymized"] as const;
type What = (typeof FORMATS)[number];

const text = (name: string): Field => ({ name, label: name, type: "text", required: false });
const FIELDS: Field[] = [
  text("country"),
  { ...text("entryDate"), type: "date" },
  { ...text("exitDate"), type: "date" },
  text("visaType"),
  { ...text("maxDays"), type: "integer" },
  { ...text("passportCountry"), personal: true },
  { ...text("notes"), personal: true },
  text("externalId"),
];
const CELLS = FIELDS.map(({ name }) => `data ->> '${name}'`).join(", ");

/** The measured process runs like the worker does: bundled, without a compiler in its memory. */
const BUNDLE = join("node_modules", ".cache", "ferry-bench", "export.mjs");

interface Job {
  what: What;
  url: string;
  ownerId: string;
  collectionId: string;
}

interface Figures {
  cpuSeconds: number;
  rssMb: number;
  sizeBytes: number;
}

const child = process.env.FERRY_BENCH_EXPORT;
if (child) await runChild(JSON.parse(child) as Job);
else await runAll();

async function runAll(): Promise<void> {
  const rows = Number(process.argv[2] ?? 1_000_000);
  const asked = process.argv.slice(3);
  await bundle();
  const database = await createTestDatabase();
  const db = connect(database.url, { poolSize: 2 });
  try {
    const ownerId = newId();
    const collectionId = newId();
    await fill(db.sql, { ownerId, collectionId, rows });
    for (const what of FORMATS.filter((each) => asked.length === 0 || asked.includes(each))) {
      const before = await serverSeconds(db.sql);
      const figures = measureInChild({ what, url: database.url, ownerId, collectionId });
      const server = (await serverSeconds(db.sql)) - before;
      const all = (figures.cpuSeconds + server).toFixed(2);
      const own = `${figures.cpuSeconds.toFixed(2)} + ${server.toFixed(2)}`;
      const size = `${(figures.sizeBytes / 1e6).toFixed(0)} MB`;
      console.log(`${what.padEnd(11)} ${all} CPU s (${own})  RSS ${figures.rssMb.toFixed(0)} MB  ${size}`);
    }
  } finally {
    await db.close();
    await database.drop();
  }
}

async function bundle(): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(import.meta.url)],
    outfile: BUNDLE,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
  });
  await stop();
}

function measureInChild(job: Job): Figures {
  const flags = JSON.parse(readFileSync("scripts/lib/worker-flags.json", "utf8")) as string[];
  if (job.what === "exceljs") installExceljs();
  const args = [...flags, BUNDLE];
  const env = { ...process.env, DATABASE_URL: job.url, FERRY_BENCH_EXPORT: JSON.stringify(job) };
  const result = spawnSync(process.execPath, args, { env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout.trim().split("\n").at(-1) ?? "") as Figures;
}

async function runChild(job: Job): Promise<void> {
  const db = connect(job.url, { poolSize: 2 });
  const before = process.cpuUsage();
  const sizeBytes = await write(db, job);
  const { user, system } = process.cpuUsage(before);
  const rssMb = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, rssMb, sizeBytes }));
  await db.close();
}

async function write(db: Database, job: Job): Promise<number> {
  if (job.what === "copy") return bareCopy(db, job);
  if (job.what === "exceljs") return byExceljs(db, job);
  const anonymized = job.what === "anonymized";
  const request = CreateExportBody.parse({
    format: anonymized ? "ndjson" : job.what,
    collections: [job.collectionId],
    includeMetadata: false,
    privacy: { anonymize: anonymized },
  });
  const ctx = {
    db,
    log: logger,
    storage: diskStore("/nonexistent"),
    now: () => new Date(),
    sendEvents: () => Promise.resolve(),
  };
  let bytes = 0;
  for await (const chunk of pack(exportPieces(ctx, job.ownerId, request), containerOf(request, 1))) {
    bytes += chunk.length;
  }
  return bytes;
}

/** What any export of these rows costs at least: the same cells, as the server writes them. */
async function bareCopy(db: Database, { collectionId }: Job): Promise<number> {
  const query = `select ${CELLS} from records where collection_id = '${collectionId}' order by id`;
  const snapshot = await beginSnapshot(db);
  let bytes = 0;
  for await (const piece of snapshot.copy(query, { format: "format csv" })) bytes += piece.length;
  await snapshot.end();
  return bytes;
}

interface Exceljs {
  stream: {
    xlsx: {
      WorkbookWriter: new (options: object) => {
        addWorksheet(name: string): {
          columns: object[];
          addRow(cells: unknown[]): { commit(): void };
          commit(): void;
        };
        commit(): Promise<void>;
      };
    };
  };
}

async function byExceljs(db: Database, { collectionId }: Job): Promise<number> {
  const exceljs = createRequire(join(exceljsFolder(), "index.js"))("exceljs") as Exceljs;
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  const options = { stream: sink, useStyles: true, useSharedStrings: false, zip: { zlib: { level: 1 } } };
  const workbook = new exceljs.stream.xlsx.WorkbookWriter(options);
  const sheet = workbook.addWorksheet("Bench");
  sheet.columns = FIELDS.map(({ label, type }) => ({
    header: label,
    ...(type === "date" ? { style: { numFmt: "yyyy-mm-dd" } } : {}),
  }));
  const rows = db.sql.unsafe<Record<string, string | null>[]>(
    `select ${FIELDS.map(({ name }) => `data ->> '${name}' as "${name}"`).join(", ")}
     from records where collection_id = '${collectionId}' order by id`,
  );
  for await (const batch of rows.cursor(2_000)) {
    for (const row of batch)
      sheet.addRow(FIELDS.map((field) => cellOf(field, row[field.name] ?? null))).commit();
    // exceljs hands its rows on when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve));
  }
  sheet.commit();
  await workbook.commit();
  return bytes;
}

function cellOf({ type }: Field, text: string | null): unknown {
  if (text === null) return null;
  if (type === "date") return new Date(text);
  return type === "integer" ? Number(text) : text;
}

function exceljsFolder(): string {
  return join(tmpdir(), "ferry-bench-exceljs");
}

function installExceljs(): void {
  const folder = exceljsFolder();
  if (existsSync(join(folder, "node_modules", "exceljs"))) return;
  mkdirSync(folder, { recursive: true });
  const args = ["install", "exceljs@4.4.0", "--prefix", folder, "--no-audit", "--no-fund"];
  const result = spawnSync("npm", args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(result.stderr);
}

async function fill(sql: Sql, job: { ownerId: string; collectionId: string; rows: number }): Promise<void> {
  const { ownerId, collectionId, rows } = job;
  await sql`insert into users (id, email, password_hash) values (${ownerId}, 'bench@example.org', '-')`;
  await sql`
    insert into collections (id, owner_id, name, fields, key_fields, record_count)
    values (${collectionId}, ${ownerId}, 'Bench', ${sql.json(FIELDS as never)}, '{}', ${rows})`;
  await sql.unsafe(
    `insert into records (collection_id, id, owner_id, data)
     select $1::uuid, ($3 || lpad(to_hex(i), 8, '0'))::uuid, $2::uuid, jsonb_build_object(
       'country', (array['Thailand','Vietnam','Japan','South Korea','Portugal','Côte d''Ivoire','Malaysia','Peru'])[1 + i % 8],
       'entryDate', (date '2000-01-01' + i % 8000)::text, 'exitDate', (date '2000-01-01' + i % 8000 + i % 90)::text,
       'visaType', (array['tourist','business','visa-free','student'])[1 + i % 4], 'maxDays', 30 + i % 60,
       'passportCountry', (array['Thailand','Vietnam','Japan','South Korea','Portugal','Côte d''Ivoire','Malaysia','Peru'])[1 + i * 3 % 8],
       'notes', case when i % 7 = 0 then 'said "hello, world" on day ' || i || e'\\nthen left & came back'
         when i % 5 = 0 then 'Ürümqi → 東京, trip no. ' || i || ' 🎒'
         else 'A perfectly ordinary note about trip number ' || i || ', written by hand' end,
       'externalId', 'EXT-' || lpad(i::text, 9, '0'))
     from generate_series(1, ${rows}) i`,
    [collectionId, ownerId, newIdPrefix()],
  );
  await sql.unsafe("vacuum (analyze) records");
}
