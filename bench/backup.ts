/**
 * A full backup of N records, as the worker makes it: read from one snapshot, compressed, hashed, encrypted, stored on
 * disk with the wrapper that encrypts at rest; then its verification, and an incremental one after 1 % have changed. MB are
 * those of the NDJSON before compression, CPU seconds those of this process:
 * without PostgreSQL's.
 *
 *   npm run bench -- backup [rows]        needs TEST_DATABASE_URL, which `npm run bench` sets
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { newId, newIdPrefix } from "@/lib/platform/ids";
import { newOpening } from "@/lib/core/backups/manifest";
import { gzipped, writeBackup } from "@/lib/core/backups/write";
import { encrypt, prepareHeader } from "@/lib/platform/age/encrypt";
import { newX25519Identity, recipientOf, x25519Recipient } from "@/lib/platform/age/x25519";
import { logger } from "@/lib/platform/logger";
import { findBackup } from "@/db/queries/backups";
import { createBackup } from "@/lib/services/backups/create-backup";
import { isStored, openBackup, serverIdentities } from "@/lib/services/backups/open-file";
import { runBackup } from "@/lib/services/backups/run-backup";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { diskStore } from "@/lib/storage/drivers/disk";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";

const rows = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 3;
const MB = 1e6;

const database = await createTestDatabase();
// The keys of backups are sealed with one that is derived from the settings.
process.env.DATABASE_URL ??= database.url;
const db = connect(database.url, { poolSize: 4 });
const folder = await mkdtemp(path.join(tmpdir(), "ferry-bench-"));
const ownerId = newId();
await db.orm.insert(users).values({ id: ownerId, email: "bench@example.org", passwordHash: "-" });
const ctx: ServiceContext = {
  db,
  ownerId,
  log: logger,
  storage: encryptedStore(diskStore(folder), randomBytes(32)),
  now: () => new Date(),
  sendEvents: () => Promise.resolve(),
};

let peakRss = 0;
const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20);
try {
  await fill();
  for (let round = 1; round <= ROUNDS; round++) await takeRound(`full ${round}`, "full");
  await db.sql`
    update records set data = data || '{"notes":"changed"}', version = version + 1, changed_xid = pg_current_xact_id()
    where get_byte(uuid_send(id), 15) % 100 = 0`;
  await takeRound("incremental, 1 %", "incremental");
  await pipelineAlone();
} finally {
  clearInterval(sampler);
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true });
}

async function takeRound(what: string, type: "full" | "incremental"): Promise<void> {
  peakRss = 0;
  const made = await measured(async () => {
    const { id } = await createBackup(ctx, CreateBackupBody.parse({ type }), { fullEvery: 100 });
    await runBackup(ctx, id);
    return id;
  });
  const rss = peakRss;
  const row = await findBackup(db.sql, made.result);
  if (!row || !isStored(row)) throw new Error("the backup failed");
  const parent = row.parent_id ? await findBackup(db.sql, row.parent_id) : undefined;
  const identities = await serverIdentities(ctx, row);
  peakRss = 0;
  const read = await measured(async () => {
    let bytes = 0;
    for await (const piece of openBackup(ctx, row, parent, identities)) {
      if (piece.kind === "part") bytes += piece.part.sizeBytes;
    }
    return bytes;
  });
  const sizes = `${(read.result / MB).toFixed(0)} MB to ${(row.size_bytes / MB).toFixed(1)}`;
  report(`${what}: ${sizes}`, read.result, made, rss);
  report("  …read and verified", read.result, read, peakRss);
}

/** Compressing, hashing and encrypting alone, without what reading a database costs. */
async function pipelineAlone(): Promise<void> {
  const [{ line }] = await db.sql<[{ line: string }]>`
    select string_agg(line, '') as line from (
      select json_build_object('id', id, 'version', version, 'createdAt', created_at, 'updatedAt', updated_at,
        'importId', source_import_id, 'data', data)::text || e'\n' as line
      from records order by id limit 14000) t`;
  const part = { kind: "records" as const, collectionId: newId(), count: 14_000, bytes: Buffer.from(line) };
  const parts = Math.ceil((256 * MB) / part.bytes.length);
  const opening = newOpening({
    backupId: newId(),
    ownerId,
    kind: "full",
    parent: null,
    snapshotAt: new Date().toISOString(),
    appVersion: "bench",
  });
  const key = await prepareHeader([x25519Recipient(recipientOf(newX25519Identity(randomBytes)))]);
  for (let round = 1; round <= ROUNDS; round++) {
    peakRss = 0;
    const spent = await measured(async () => {
      const source = (async function* () {
        for (let n = 0; n < parts; n++) yield await Promise.resolve(part);
      })();
      const file = encrypt(
        gzipped(
          writeBackup(
            opening,
            source,
            () => ({ collections: [], categories: [] }),
            () => undefined,
          ),
        ),
        key,
      );
      for await (const bytes of file) void bytes;
    });
    report(`compress, hash, encrypt alone ${round}`, parts * part.bytes.length, spent, peakRss);
  }
}

async function fill(): Promise<void> {
  const { id } = await createCollection(ctx, { name: "Bench", template: "trips" });
  const prefix = newIdPrefix();
  await db.sql`
    insert into records (collection_id, id, owner_id, data)
    select ${id}, (${prefix}::text || lpad(to_hex(n), 8, '0'))::uuid, ${ownerId}, jsonb_build_object(
      'country', (array['France', 'Germany', 'Vietnam', 'South Korea', 'Japan', 'Peru', 'Austria', 'Italy'])[1 + n % 8],
      'entryDate', (date '2000-01-01' + (n * 719) % 9000)::text,
      'exitDate', (date '2000-01-12' + (n * 719) % 9000)::text,
      'visaType', (array['tourist', 'business', 'student'])[1 + n % 3],
      'maxDays', (n * 31) % 91, 'passportCountry', 'Germany', 'notes', 'note ' || md5(n::text))
    from generate_series(1, ${rows}::int) n`;
  await db.sql`update collections set record_count = ${rows} where id = ${id}`;
  await db.sql`vacuum analyze records`;
}

interface Spent {
  cpu: number;
  wall: number;
}

async function measured<T>(work: () => Promise<T>): Promise<Spent & { result: T }> {
  const before = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, cpu: (user + system) / 1e6, wall: (performance.now() - started) / 1000 };
}

function report(what: string, bytes: number, { cpu, wall }: Spent, rss: number): void {
  const rate = (bytes / MB / cpu).toFixed(0).padStart(5);
  process.stdout.write(
    `${what.padEnd(40)}${rate} MB per CPU s, ${cpu.toFixed(2)} CPU s, ${wall.toFixed(1)} s, peak RSS ${(rss / MB).toFixed(0)} MB\n`,
  );
}
