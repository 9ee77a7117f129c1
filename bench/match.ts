/**
 * Matching N staged rows with N records, exactly and fuzzily, against a bare COPY of the same rows into a typed table with
 * a key. Trips of 200 countries on 20,000 days; of every ten rows eight are as they were, one entered a day later, and
 * one is new. "fuzzy after exact" is what an import does: equal keys first, likeness for the rest. CPU seconds are the
 * server's.
 *
 *   npm run bench -- match [rows]        needs TEST_DATABASE_URL, which `npm run bench` sets
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { closePlan, createPlan, matchStrictly } from "@/db/bulk/import-match";
import { openConditions } from "@/db/bulk/match-input";
import { stageLines, stagingTable } from "@/db/bulk/staging";
import { connect, type Sql, type SqlTransaction } from "@/db/client";
import { collections, users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { defaultRule } from "@/lib/core/matching/rules";
import { TRIPS } from "@/lib/core/templates/trips";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import { matchFuzzily } from "@/lib/services/imports/fuzzy";
import { serverSeconds } from "./lib/server-cpu";

const rows = Number(process.argv[2] ?? 1_000_000);
const COUNTRIES = 200;
const DAYS = 20_000;
const ROUNDS = 2;
/** As many rows as a matching trial looks at. */
const SAMPLE_ROWS = 5_000;
const VISAS = ["tourist", "business", "visa-free", "student"];

interface Spent {
  seconds: number;
  /** Of the server. */
  cpu: number;
}

interface Trip {
  country: string;
  entryDate: string;
  exitDate: string;
  visaType: string;
  maxDays: number;
  passportCountry: string;
  notes: string;
}

const database = await createTestDatabase();
const db = connect(database.url, { poolSize: 4 });
const [ownerId, collectionId, importId] = [newId(), newId(), newId()];
const rule = defaultRule({ ...TRIPS, template: "trips" });
const strict = {
  importId,
  collectionId,
  criteria: TRIPS.keyFields,
  criteriaAreOwnKey: true,
  mappedFields: TRIPS.fields.map((field) => field.name),
  unmappedFields: [],
  deliveries: [],
  mayStateIds: false,
};
try {
  await db.orm.insert(users).values({ id: ownerId, email: "bench@example.org", passwordHash: "-" });
  await db.orm
    .insert(collections)
    .values({ id: collectionId, ownerId, name: "Trips", fields: TRIPS.fields, keyFields: TRIPS.keyFields });
  await stageLines(
    db.sql,
    importId,
    TRIPS.keyFields,
    textLines((i) => trip(i)),
  );
  await db.sql.unsafe(
    `insert into records (collection_id, id, owner_id, data, key_hash)
     select $1, ($2::text || lpad(to_hex(row_number), 8, '0'))::uuid, $3, data, key_hash
     from ${stagingTable(importId)} order by row_number`,
    [collectionId, newIdPrefix(), ownerId],
  );
  await stageLines(db.sql, importId, TRIPS.keyFields, textLines(newerTrip));
  await db.sql`vacuum analyze records`;
  for (let round = 1; round <= ROUNDS; round++) {
    const bare = await bareCopy(db.sql);
    const exact = await timed(async (tx) => {
      await createPlan(tx, importId);
      await matchStrictly(tx, strict);
      await closePlan(tx, importId);
    });
    const fuzzy = await timed((tx) => matchAll(tx, { openRows: "", openRecords: "" }));
    const every = Math.max(1, Math.floor(rows / SAMPLE_ROWS));
    const sample = await timed((tx) =>
      matchAll(tx, { openRows: `and s.row_number % ${every} = 0`, openRecords: "" }),
    );
    const both = await timed(async (tx) => {
      await createPlan(tx, importId);
      await matchStrictly(tx, strict);
      await matchAll(tx, await openConditions(tx, importId));
      await closePlan(tx, importId);
    });
    const show = (name: string, { seconds, cpu }: Spent) =>
      `${name} ${seconds.toFixed(1)} s (${(seconds / bare.seconds).toFixed(2)}×; ${cpu.toFixed(1)} CPU s)`;
    console.log(
      `${rows} rows: ${show("bare COPY", bare)}; ${show("exact", exact)}, ${show("fuzzy", fuzzy)}, ${show("fuzzy after exact", both)}; ${SAMPLE_ROWS} rows fuzzily ${sample.seconds.toFixed(1)} s`,
    );
  }
} finally {
  await db.close();
  await database.drop();
}

async function matchAll(tx: SqlTransaction, open: { openRows: string; openRecords: string }): Promise<void> {
  await matchFuzzily(tx, {
    stagedTable: stagingTable(importId),
    collectionId,
    rule,
    unmappedFields: [],
    ...open,
  });
  if (process.argv.includes("--counts")) {
    console.log(await tx`select score, count(*)::int as pairs from fuzzy_pairs group by 1 order by 1 desc`);
  }
}

/** What a transaction takes that is then taken back. */
async function timed(work: (tx: SqlTransaction) => Promise<void>): Promise<Spent> {
  let spent: Spent | undefined;
  await db.sql
    .begin("isolation level repeatable read", async (tx) => {
      spent = await spentOn(() => work(tx));
      throw new Error("taken back");
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== "taken back") throw error;
    });
  return spent!;
}

async function spentOn(work: () => Promise<void>): Promise<Spent> {
  const cpuBefore = await serverSeconds(db.sql);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  // Workers of a query are counted once the server has buried them.
  await sleep(100);
  return { seconds, cpu: (await serverSeconds(db.sql)) - cpuBefore };
}

async function bareCopy(sql: Sql): Promise<Spent> {
  await sql`drop table if exists bare`;
  await sql`create table bare (country text not null, entry_date date not null, exit_date date, visa_type text not null,
    max_days int, passport_country text, notes text, id int primary key)`;
  // Made beforehand: the measure is what the server takes.
  const lines = [
    ...chunks((i) => {
      const t = newerTrip(i);
      return `${t.country},${t.entryDate},${t.exitDate},${t.visaType},${t.maxDays},${t.passportCountry},${t.notes},${i}\n`;
    }),
  ];
  const spent = await spentOn(async () => {
    const copy = await sql`copy bare from stdin with (format csv)`.writable();
    await pipeline(Readable.from(lines), copy);
  });
  await sql`drop table bare`;
  return spent;
}

function textLines(tripOf: (i: number) => Trip): AsyncIterable<Buffer> {
  return Readable.from(chunks((i) => `${i + 1}\t${JSON.stringify(tripOf(i))}\t\\N\t\\N\t\\N\n`));
}

function* chunks(lineOf: (i: number) => string): Generator<Buffer> {
  let text = "";
  for (let i = 0; i < rows; i++) {
    text += lineOf(i);
    if (text.length < 256 * 1024) continue;
    yield Buffer.from(text);
    text = "";
  }
  yield Buffer.from(text);
}

/** The file of the year after: every tenth trip began a day later, another tenth is new. */
function newerTrip(i: number): Trip {
  if (i % 10 === 3) return trip(i, 1);
  return i % 10 === 7 ? trip(i + rows) : trip(i);
}

function trip(i: number, later = 0): Trip {
  const mixed = scrambled(i);
  const entry = mixed % DAYS;
  const visa = (mixed >>> 8) % 4;
  return {
    country: `Country ${(mixed >>> 12) % COUNTRIES}`,
    entryDate: dayText(entry + later),
    exitDate: dayText(entry + (mixed % 89) + 1),
    visaType: VISAS[visa]!,
    maxDays: 30 + visa * 30,
    passportCountry: `Country ${mixed % 7}`,
    notes: `An ordinary note about trip number ${i}`,
  };
}

/** A number that looks like chance (MurmurHash3's last step). */
function scrambled(i: number): number {
  const a = Math.imul(i ^ (i >>> 16), 0x85ebca6b);
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b ^ (b >>> 16)) >>> 0;
}

function dayText(day: number): string {
  return new Date(Date.UTC(1970, 0, 1) + day * 86_400_000).toISOString().slice(0, 10);
}
