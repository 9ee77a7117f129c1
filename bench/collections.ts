/**
 * Backup, verification, drill and restore of an account with N collections of three records each, and of one collection
 * with as many records for comparison. Restored into an empty account of somebody else, from the file; and over the very
 * account, where a tenth of the records have changed meanwhile. Seconds, CPU seconds of this process and of the server,
 * peak RSS of this process.
 *
 *   npm run bench -- collections [how many]        needs TEST_DATABASE_URL, which `npm run bench` sets
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { serverSeconds } from "@/bench/lib/server-cpu";
import { connect } from "@/db/client";
import { findBackup } from "@/db/queries/backups";
import type { RestoreRow } from "@/db/queries/restores";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { PreviewRestoreBody, PreviewUploadedBody } from "@/lib/contracts/restores";
import { newId } from "@/lib/platform/ids";
import { logger } from "@/lib/platform/logger";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { keptKeys } from "@/lib/services/backups/keys";
import { runBackup } from "@/lib/services/backups/run-backup";
import { runCheck } from "@/lib/services/backups/run-check";
import { runDrill } from "@/lib/services/backups/run-drill";
import type { ServiceContext } from "@/lib/services/context";
import { previewBackup, previewUploaded } from "@/lib/services/restores/preview";
import { carryOutPlan, makePlan, takeBack } from "@/lib/services/restores/testing";
import { createUploadFromStream } from "@/lib/services/uploads/create-from-stream";
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

async function emptyAccount(): Promise<ServiceContext> {
  const ownerId = newId();
  await db.orm.insert(users).values({ id: ownerId, email: `${ownerId}@example.org`, passwordHash: "-" });
  const now = () => new Date();
  return { db, ownerId, log: logger, storage, now, sendEvents: () => Promise.resolve() };
}

async function accountWith(collections: number, records: number): Promise<ServiceContext> {
  const ctx = await emptyAccount();
  const { ownerId } = ctx;
  await db.sql`
    insert into collections (id, owner_id, name, fields, key_fields, record_count)
    select gen_random_uuid(), ${ownerId}, 'Collection ' || n, '[{"name":"title","type":"text"}]', '{}', ${records}
    from generate_series(1, ${collections}::int) n`;
  await db.sql`
    insert into records (collection_id, id, owner_id, data)
    select c.id, gen_random_uuid(), ${ownerId}, jsonb_build_object('title', 'record ' || n)
    from collections c, generate_series(1, ${records}::int) n where c.owner_id = ${ownerId}`;
  await db.sql`vacuum analyze records, collections`;
  return ctx;
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

  const { storage_key: file } = (await findBackup(db.sql, id))!;
  const [key] = await keptKeys(ctx, ctx.ownerId);
  const other = await emptyAccount();
  const upload = await createUploadFromStream(other, { name: "backup.age", body: storage.read(file!) });
  const asked = PreviewUploadedBody.parse({ uploadId: upload.id, identity: key!.identity });
  await restored(`${what}, into an empty account`, other, await previewUploaded(other, asked));

  await db.sql`
    with changed as (
      update records set data = '{"title":"changed"}', version = version + 1, changed_xid = pg_current_xact_id()
      where owner_id = ${ctx.ownerId} and get_byte(uuid_send(id), 15) % 10 = 0 returning collection_id)
    update collections set revision = revision + 1 where id in (select collection_id from changed)`;
  await restored(`${what}, over changes`, ctx, await previewBackup(ctx, id, PreviewRestoreBody.parse({})));
}

async function restored(what: string, ctx: ServiceContext, asked: RestoreRow): Promise<void> {
  await measured(`${what}: preview`, () => makePlan(ctx, asked));
  await measured(`${what}: restore`, () => carryOutPlan(ctx, asked.id));
  await measured(`${what}: its undo`, () => takeBack(ctx, asked.id));
}

async function measured(what: string, work: () => Promise<unknown>): Promise<void> {
  globalThis.gc?.();
  let peakRss = 0;
  const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20);
  const serverBefore = await serverSeconds(db.sql);
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { user, system } = process.cpuUsage(before);
  clearInterval(sampler);
  const cpu = ((user + system) / 1e6).toFixed(1);
  const serverCpu = ((await serverSeconds(db.sql)) - serverBefore).toFixed(1);
  console.log(
    `${what.padEnd(52)}${seconds.padStart(6)} s, CPU ${cpu.padStart(5)} / ${serverCpu.padStart(5)} s, peak RSS ${(peakRss / 1e6).toFixed(0)} MB`,
  );
}
