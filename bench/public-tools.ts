/**
 * Proof, not a measurement: a backup of N records is downloaded as its owner would, opened with nothing but the published
 * programs `age`, `tar` and `sha256sum` and the key of the emergency kit, and compared with the database row by row.
 *
 *   npm run bench -- public-tools [rows]        needs TEST_DATABASE_URL, which `npm run bench` sets, and the programs
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect } from "@/db/client";
import { users } from "@/db/schema";
import { createTestDatabase } from "@/db/testing";
import { CreateBackupBody } from "@/lib/contracts/backups";
import type { BackupManifest } from "@/lib/core/backups/manifest";
import { newId } from "@/lib/platform/ids";
import { logger } from "@/lib/platform/logger";
import { createBackup } from "@/lib/services/backups/create-backup";
import { keptKeys } from "@/lib/services/backups/keys";
import { openDownload } from "@/lib/services/backups/open-download";
import { runBackup } from "@/lib/services/backups/run-backup";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { diskStore } from "@/lib/storage/drivers/disk";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";

const rows = Number(process.argv[2] ?? 1_000_000);

const database = await createTestDatabase();
// The keys of backups are sealed with one that is derived from the settings.
process.env.DATABASE_URL ??= database.url;
const db = connect(database.url, { poolSize: 4 });
const folder = await mkdtemp(path.join(tmpdir(), "ferry-proof-"));
const ownerId = newId();
const ctx: ServiceContext = {
  db,
  ownerId,
  log: logger,
  storage: encryptedStore(diskStore(path.join(folder, "store")), randomBytes(32)),
  now: () => new Date(),
  sendEvents: () => Promise.resolve(),
};

try {
  await db.orm.insert(users).values({ id: ownerId, email: "bench@example.org", passwordHash: "-" });
  const collectionIds = await fill();
  console.log(`${rows} records in ${collectionIds.length} collections`);
  await download();
  const manifest = await openWithPublicTools();
  await compareRecords(manifest, collectionIds);
} finally {
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true });
}

/** Texts with whatever COPY, CSV, JSON or a shell could stumble over. */
async function fill(): Promise<string[]> {
  const ids = [];
  for (const name of ["Trips", "Chuyến đi 旅 ✈"]) {
    const { id } = await createCollection(ctx, { name, template: "trips" });
    await db.sql`
      insert into records (collection_id, id, owner_id, version, created_at, updated_at, data)
      select ${id}, gen_random_uuid(), ${ownerId}, 1 + n % 7, now() - n * interval '1.000001 s', now(),
        jsonb_build_object('country', (array['France', 'Việt Nam', 'België', '日本'])[1 + n % 4],
          'entryDate', (date '2000-01-01' + n % 9000)::text, 'maxDays', n * 0.1, 'open', n % 2 = 0, 'none', null,
          'notes', (array[E'two\nlines\r\n', 'a "quoted" \\\\ back\\slash', E'tab\tand \u0001 \u0002', '👩‍👩‍👧 \N \\.', ''])[1 + n % 5] || md5(n::text))
      from generate_series(1, ${Math.floor(rows / 2)}::int) n`;
    ids.push(id);
  }
  return ids;
}

async function download(): Promise<void> {
  const started = performance.now();
  const { id } = await createBackup(ctx, CreateBackupBody.parse({ type: "full" }));
  await runBackup(ctx, id);
  const file = await openDownload(ctx, id);
  const bytes = file.read({ start: 0, end: file.sizeBytes });
  await pipeline(Readable.from(bytes), createWriteStream(path.join(folder, "backup.age")));
  const [key] = await keptKeys(ctx, ownerId);
  await writeFile(path.join(folder, "key.txt"), `${key!.identity}\n`, { mode: 0o600 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`made and downloaded: ${(file.sizeBytes / 1e6).toFixed(1)} MB in ${seconds} s`);
}

async function openWithPublicTools(): Promise<BackupManifest> {
  const sh = (script: string) =>
    execFileSync("sh", ["-ec", script], { cwd: folder, encoding: "utf8" }).trim();
  const versions = sh("age --version; tar --version | head -1").replace("\n", ", ");
  sh("mkdir open; age -d -i key.txt backup.age | tar xz -C open");
  const manifest = JSON.parse(
    await readFile(path.join(folder, "open", "manifest.json"), "utf8"),
  ) as BackupManifest;
  await writeFile(
    path.join(folder, "sums"),
    manifest.parts.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(""),
  );
  sh("cd open; sha256sum --quiet -c ../sums");
  const found = Number(sh("find open -type f | wc -l"));
  if (found !== manifest.parts.length + 2)
    throw new Error(`${found} files, of which the manifest names not all`);
  const lines = Number(sh("cat open/records/*/*.ndjson | wc -l"));
  if (lines !== manifest.counts.records)
    throw new Error(`${lines} lines instead of ${manifest.counts.records}`);
  console.log(`opened (${versions}): ${found} files, ${lines} lines, every SHA-256 as the manifest says`);
  return manifest;
}

/** By PostgreSQL itself, with another query than the one that wrote them. */
async function compareRecords(manifest: BackupManifest, collectionIds: readonly string[]): Promise<void> {
  await db.sql`create table opened (collection_id uuid, line jsonb)`;
  for (const { name, collectionId, kind } of manifest.parts) {
    if (kind !== "records") continue;
    await db.sql`alter table opened alter column collection_id set default ${db.sql.unsafe(`'${collectionId}'`)}`;
    const copy = await db.sql
      .unsafe(
        String.raw`copy opened (line) from stdin (format csv, quote e'\x01', delimiter e'\x02', encoding 'UTF8')`,
      )
      .writable();
    await pipeline(createReadStream(path.join(folder, "open", name)), copy);
  }
  const [result] = await db.sql<[{ same: number; different: number; missing: number; extra: number }]>`
    select count(*) filter (where there and opened and same)::int8 as same,
      count(*) filter (where there and opened and same is not true)::int8 as different,
      count(*) filter (where opened is not true)::int8 as missing, count(*) filter (where there is not true)::int8 as extra
    from (
      select true as there, collection_id, id, version, created_at, updated_at, source_import_id, data
      from records where owner_id = ${ownerId} and collection_id = any(${[...collectionIds]}::uuid[])
    ) r full join (
      select true as opened, collection_id, (line ->> 'id')::uuid as id, line from opened
    ) o on o.collection_id = r.collection_id and o.id = r.id
    cross join lateral (
      select r.version = (line ->> 'version')::int and r.created_at = (line ->> 'createdAt')::timestamptz
        and r.updated_at = (line ->> 'updatedAt')::timestamptz and r.data = line -> 'data'
        and r.source_import_id is not distinct from (line ->> 'importId')::uuid as same
    ) compared`;
  console.log(`compared with the database: ${JSON.stringify(result)}`);
  if (result.same !== rows || result.different + result.missing + result.extra > 0) {
    throw new Error("the backup is not what the database holds");
  }
}
