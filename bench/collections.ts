/**
 * Backup, verification and drill of an account with N collections of three records each, and of one collection with as
 * many records for comparison. Seconds, CPU seconds of this process, peak RSS.
 *
 *   npm run bench -- collections [how many]        needs TEST_DATABASE_URL, which `npm run bench` sets
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { newId } from "@/lib/platform/ids";
import { logger } from "@/lib/platform/logger";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { runBackup } from "@/lib/services/backups/run-backup";
import { runCheck } from "@/lib/services/backups/run-check";
import { runDrill } from "@/lib/services/backups/run-drill";
import type { ServiceContext } from "@/lib/services/context";
import { diskStore } from "@/lib/storage/drivers/disk";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";

const many = Number(process.argv[2] ?? 10_000);
const RECORDS = 3;

const database = await createTestDatabase();
// The keys of backups are sealed with one that is derived from the settings.
process.env.DATABASE_URL ??= database.url;
const db = connect(database.url, { poolSize: 4 });
const folder = await mkdtemp(path.join(tmpdir(), "ferry-bench-"));
const storage = encryptedStore(diskStore(folder), randomBytes(32));

try {
  await round("one collection", await accountWith(1, many * RECORDS));
  await round(`${many} collections`, await accountWith(many, RECORDS));
} finally {
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true });
}

async function accountWith(collections: number, records: number): Promise<ServiceContext> {
  const ownerId = newId();
  await db.orm.insert(users).values({ id: ownerId, email: `${ownerId}@example.org`, passwordHash: "-" });
  await db.sql`
    insert into collections (id, owner_id, name, fields, key_fields)
    select gen_random_uuid(), ${ownerId}, 'Collection ' || n, '[{"name":"title","type":"text"}]', '{}'
    from generate_series(1, ${collections}::int) n`;
  await db.sql`
    insert into records (collection_id, id, owner_id, data)
    select c.id, gen_random_uuid(), ${ownerId}, jsonb_build_object('title', 'record ' || n)
    from collections c, generate_series(1, ${records}::int) n where c.owner_id = ${ownerId}`;
  await db.sql`vacuum analyze records, collections`;
  const now = () => new Date();
  return { db, ownerId, log: logger, storage, now, sendEvents: () => Promise.resolve() };
}

async function round(what: string, ctx: ServiceContext): Promise<void> {
  const { id } = await createBackup(ctx, CreateBackupBody.parse({ type: "full" }));
  await measured(`${what}: backup`, () => runBackup(ctx, id));
  const { checkJobId } = await checkBackup(ctx, id, {});
  await measured(`${what}: verify`, () => runCheck(ctx, id, checkJobId!));
  await measured(`${what}: drill`, () => runDrill(ctx, id));
  const { counts, lastVerified, lastDrilled } = await getBackup(ctx, id);
  if (lastVerified?.outcome !== "sound" || lastDrilled?.outcome !== "sound")
    throw new Error("the backup is not sound");
  console.log(`  ${JSON.stringify(counts)}`);
}

async function measured(what: string, work: () => Promise<unknown>): Promise<void> {
  globalThis.gc?.();
  let peakRss = 0;
  const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20);
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { user, system } = process.cpuUsage(before);
  clearInterval(sampler);
  const cpu = ((user + system) / 1e6).toFixed(1);
  console.log(
    `${what.padEnd(30)}${seconds.padStart(6)} s, ${cpu.padStart(5)} CPU s, peak RSS ${(peakRss / 1e6).toFixed(0)} MB`,
  );
}
