import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { Decrypter } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBackup } from "@/db/queries/backups";
import { findJob } from "@/db/queries/job-lists";
import { CreateBackupBody } from "@/lib/contracts/backups";
import type { PartKind } from "@/lib/core/backups/manifest";
import { newX25519Identity, recipientOf, x25519Identity } from "@/lib/platform/age/x25519";
import { newId } from "@/lib/platform/ids";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import { deleteBackup, undeleteBackup } from "@/lib/services/backups/delete-backup";
import { getBackup, listBackups } from "@/lib/services/backups/get-backup";
import { keptKeys, rotateKey } from "@/lib/services/backups/keys";
import { openDownload } from "@/lib/services/backups/open-download";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";
import { failBackup, runBackup } from "@/lib/services/backups/run-backup";
import { dueDrills, runDrill } from "@/lib/services/backups/run-drill";
import { runCheck } from "@/lib/services/backups/run-check";
import {
  contentOf,
  fillCategories,
  makeBackup,
  stateOf,
  stateOfDatabase,
  stored,
} from "@/lib/services/backups/testing";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { cancelJob } from "@/lib/services/jobs/cancel-job";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { faultyStore } from "@/lib/storage/wrappers/faulty";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const DAY = 24 * 3_600_000;

async function userWithRecords(count = 3): Promise<{ ctx: ServiceContext; collectionId: string }> {
  const ctx = await bench.newUser();
  const { id } = await createCollection(ctx, { name: "Trips", fields: [{ name: "title", type: "text" }] });
  await insert(ctx, id, count);
  return { ctx, collectionId: id };
}

async function insert(ctx: ServiceContext, collectionId: string, count: number, sql = ctx.db.sql) {
  await sql`
    insert into records (collection_id, id, owner_id, data)
    select ${collectionId}, gen_random_uuid(), ${ctx.ownerId}, jsonb_build_object('title', 'số ' || n)
    from generate_series(1, ${count}::int) n`;
}

const idsOf = async (ctx: ServiceContext) =>
  (
    await ctx.db.sql<{ id: string }[]>`select id from records where owner_id = ${ctx.ownerId} order by id`
  ).map((row) => row.id);

const countsOf = (some: Partial<Record<PartKind, number>>) => ({
  collections: 0,
  records: 0,
  deletions: 0,
  preferences: 0,
  notifications: 0,
  analytics: 0,
  ...some,
});

async function bytesOf(ctx: ServiceContext, key: string): Promise<Buffer> {
  const parts = [];
  for await (const part of ctx.storage.read(key)) parts.push(part);
  return Buffer.concat(parts);
}

async function verify(
  ctx: ServiceContext,
  id: string,
  given: { passphrase?: string; identity?: string } = {},
) {
  const { checkJobId } = await checkBackup(ctx, id, given);
  await runCheck(ctx, id, checkJobId!);
  return (await getBackup(ctx, id)).lastVerified;
}

describe("a full backup", () => {
  it("holds every record exactly as it is, and says so in its manifest", async () => {
    const { ctx, collectionId } = await userWithRecords(5);
    await createCollection(ctx, { name: "Empty", fields: [{ name: "a", type: "integer" }] });
    const row = await makeBackup(ctx);
    const { manifest, collections, records } = await contentOf(ctx, row);
    expect([...collections.values()].sort()).toEqual(["Empty", "Trips"]);
    expect(records).toEqual(await stateOfDatabase(ctx));
    expect(manifest.counts).toEqual(countsOf({ collections: 2, records: 5, analytics: 2 }));
    expect(manifest.collections.find((c) => c.id === collectionId)?.recordCount).toBe(5);
    expect(row.counts).toEqual(manifest.counts);
    expect(await getBackup(ctx, row.id)).toMatchObject({
      type: "full",
      state: "completed",
      chainPosition: 0,
    });
    const job = await findJob(ctx.db.sql, row.job_id, ctx.ownerId);
    expect(job?.job).toMatchObject({ state: "completed", percentage: 100, counts: { succeeded: 5 } });
  });

  it("is made of an account without anything", async () => {
    const ctx = await bench.newUser();
    const { manifest } = await contentOf(ctx, await makeBackup(ctx));
    expect(manifest.counts).toEqual(countsOf({}));
  });

  it("opens with the published programs and the key of the emergency kit", async () => {
    const { ctx } = await userWithRecords(2);
    await fillCategories(ctx, 3);
    const file = await bytesOf(ctx, (await makeBackup(ctx)).storage_key);
    const [key] = await keptKeys(ctx, ctx.ownerId);
    const decrypter = new Decrypter();
    decrypter.addIdentity(key!.identity);
    const tar = gunzipSync(await decrypter.decrypt(file));
    const first = execFileSync("tar", ["xf", "-", "-O", "ferry-backup.json"], { input: tar });
    expect(JSON.parse(first.toString())).toMatchObject({ format: "ferry-backup", ownerId: ctx.ownerId });
    const told = execFileSync("tar", ["xf", "-", "-O", "notifications/000001.ndjson"], { input: tar });
    expect(told.toString().trim().split("\n")).toHaveLength(3);
    const folder = await mkdtemp(path.join(tmpdir(), "ferry-kit-"));
    try {
      await writeFile(path.join(folder, "key"), key!.identity);
      await writeFile(path.join(folder, "file"), file);
      // Where the program is not to be had, its npm implementation above has spoken for it.
      const age = process.env.FERRY_AGE;
      const opened = age
        ? execFileSync("sh", ["-c", `"${age}" -d -i key file | tar xzO --wildcards "records/*"`], {
            cwd: folder,
          })
        : execFileSync("tar", ["xf", "-", "-O", "--wildcards", "records/*"], { input: tar });
      expect(opened.toString().trim().split("\n")).toHaveLength(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe("an incremental backup", () => {
  it("holds what changed, was added and was deleted, and nothing else", async () => {
    const { ctx, collectionId } = await userWithRecords(10);
    const full = await makeBackup(ctx);
    const [deleted, changed] = await idsOf(ctx);
    await ctx.db.sql`update records set data = '{"title":"new"}', version = version + 1,
      changed_xid = pg_current_xact_id() where id = ${changed!}`;
    await ctx.db.sql`delete from records where id = ${deleted!}`;
    await insert(ctx, collectionId, 1);
    const second = await makeBackup(ctx, { type: "incremental" });
    const content = await contentOf(ctx, second, full);
    expect(second).toMatchObject({ kind: "incremental", parent_id: full.id, chain_id: full.id, position: 1 });
    expect(content.records.size).toBe(2);
    expect(content.deleted).toEqual([`${collectionId}/${deleted}`]);
    expect(await stateOf(ctx, second.id)).toEqual(await stateOfDatabase(ctx));
    const third = await makeBackup(ctx, { type: "incremental" });
    expect(third.counts).toEqual(countsOf({ collections: 1, analytics: 1 }));
  });

  it("knows a record that was deleted and put back, and collections that are gone", async () => {
    const { ctx, collectionId } = await userWithRecords(3);
    await makeBackup(ctx);
    const [id] = await idsOf(ctx);
    await ctx.db.sql`delete from records where id = ${id!}`;
    await ctx.db.sql`insert into records (collection_id, id, owner_id, data)
      values (${collectionId}, ${id!}, ${ctx.ownerId}, '{"title":"back"}')`;
    const second = await makeBackup(ctx, { type: "incremental" });
    expect(await stateOf(ctx, second.id)).toEqual(await stateOfDatabase(ctx));
    await ctx.db.sql`delete from collections where id = ${collectionId}`;
    const third = await makeBackup(ctx, { type: "incremental" });
    expect(third.counts).toEqual(countsOf({}));
    expect((await stateOf(ctx, third.id)).size).toBe(0);
  });

  it("misses nothing that was being committed while its parent ran", async () => {
    const { ctx, collectionId } = await userWithRecords(4);
    await makeBackup(ctx);
    const [changed, deleted] = await idsOf(ctx);
    const connection = await ctx.db.sql.reserve();
    await connection`begin`;
    await connection`update records set data = '{"title":"slow"}', changed_xid = pg_current_xact_id() where id = ${changed!}`;
    await connection`delete from records where id = ${deleted!}`;
    await connection`insert into records (collection_id, id, owner_id, data)
      values (${collectionId}, ${newId()}, ${ctx.ownerId}, '{"title":"late"}')`;
    // Others begin and end meanwhile, so that the open one is far from the newest.
    await insert(ctx, collectionId, 2);
    const parent = await makeBackup(ctx, { type: "incremental" });
    expect((await stateOf(ctx, parent.id)).has(`${collectionId}/${deleted}`)).toBe(true);
    await connection`commit`;
    connection.release();
    const child = await makeBackup(ctx, { type: "incremental" });
    expect(child.parent_id).toBe(parent.id);
    expect(await stateOf(ctx, child.id)).toEqual(await stateOfDatabase(ctx));
  });

  it("also when the first backup of all begins while records are being deleted", async () => {
    const { ctx } = await userWithRecords(3);
    const [deleted] = await idsOf(ctx);
    const connection = await ctx.db.sql.reserve();
    await connection`begin`;
    await connection`delete from records where id = ${deleted!}`;
    const first = makeBackup(ctx);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await connection`commit`;
    connection.release();
    await first;
    const child = await makeBackup(ctx, { type: "incremental" });
    expect(await stateOf(ctx, child.id)).toEqual(await stateOfDatabase(ctx));
  });

  it("leads to what is there, however many write meanwhile", async () => {
    const { ctx, collectionId } = await userWithRecords(50);
    let writing = true;
    const writer = async (seed: number) => {
      for (let n = seed; writing; n += 3) {
        await ctx.db.sql.begin(async (tx) => {
          const [one] = await tx<{ id: string }[]>`
            select id from records where owner_id = ${ctx.ownerId} order by random() limit 1 for update skip locked`;
          if (one && n % 4 === 0) await tx`delete from records where id = ${one.id}`;
          else if (one && n % 4 === 1)
            await tx`update records set data = ${tx.json({ title: `w${n}` })}, version = version + 1,
              changed_xid = pg_current_xact_id() where id = ${one.id}`;
          else
            await tx`insert into records (collection_id, id, owner_id, data)
              values (${collectionId}, ${newId()}, ${ctx.ownerId}, ${tx.json({ title: `n${n}` })})`;
          await new Promise((resolve) => setTimeout(resolve, n % 7));
        });
      }
    };
    const writers = [1, 2, 3].map(writer);
    for (let i = 0; i < 8; i++) await makeBackup(ctx, { type: "incremental" }, { fullEvery: 20 });
    writing = false;
    await Promise.all(writers);
    const last = await makeBackup(ctx, { type: "incremental" }, { fullEvery: 20 });
    expect(last.position).toBe(8);
    expect(await stateOf(ctx, last.id)).toEqual(await stateOfDatabase(ctx));
  });

  it("becomes a full one where a chain cannot go on", async () => {
    const { ctx } = await userWithRecords(1);
    expect((await makeBackup(ctx, { type: "incremental" })).kind).toBe("full");
    const positions = [];
    for (let i = 0; i < 4; i++)
      positions.push((await makeBackup(ctx, { type: "incremental" }, { fullEvery: 3 })).position);
    expect(positions).toEqual([1, 2, 0, 1]);
    const recipients = [recipientOf(newX25519Identity(randomBytes))];
    const other = await makeBackup(ctx, {
      type: "incremental",
      encryption: { mode: "recipients", recipients },
    });
    expect(other.kind).toBe("full");
    await ctx.db.sql`update backups set database_system = 'another' where id = ${other.id}`;
    expect((await makeBackup(ctx, { type: "incremental" })).kind).toBe("full");
  });

  it("does not go on from a backup whose deletions are no longer known", async () => {
    const { ctx } = await userWithRecords(3);
    const first = await makeBackup(ctx);
    const second = await makeBackup(ctx, { type: "incremental" });
    const [deleted] = await idsOf(ctx);
    await ctx.db.sql`delete from records where id = ${deleted!}`;
    await untilOlderTransactionsEnd(ctx, first.id);
    await makeBackup(ctx, { type: "incremental" }).then((third) =>
      deleteBackup(ctx, third.id, { dependents: false }),
    );
    await deleteBackup(ctx, second.id, { dependents: false });
    const next = await makeBackup(ctx, { type: "incremental" });
    expect(next.parent_id).not.toBe(first.id);
    expect(await stateOf(ctx, next.id)).toEqual(await stateOfDatabase(ctx));
  });
});

/** A snapshot begins with the oldest open transaction of the whole server, which may be one of another database. */
async function untilOlderTransactionsEnd(ctx: ServiceContext, backupId: string): Promise<void> {
  for (;;) {
    const [row] = await ctx.db.sql<{ ended: boolean }[]>`
      select pg_snapshot_xmin(pg_current_snapshot()) > pg_snapshot_xmin(snapshot) as ended
      from backups where id = ${backupId}`;
    if (row!.ended) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("keys", () => {
  it("rotate, and every earlier backup still opens", async () => {
    const { ctx } = await userWithRecords(2);
    const old = await makeBackup(ctx);
    const key = await rotateKey(ctx);
    const young = await makeBackup(ctx, { type: "incremental" });
    expect(young.key_id).toBe(key.id);
    expect(young.key_id).not.toBe(old.key_id);
    expect(await stateOf(ctx, young.id)).toEqual(await stateOfDatabase(ctx));
    expect((await keptKeys(ctx, ctx.ownerId)).map((one) => one.retiredAt === null)).toEqual([true, false]);
  });

  it("of recipients are not the server's to open", async () => {
    const { ctx } = await userWithRecords(2);
    const identity = newX25519Identity(randomBytes);
    const encryption = { mode: "recipients", recipients: [recipientOf(identity)] };
    const row = await makeBackup(ctx, { encryption });
    expect(await verify(ctx, row.id)).toMatchObject({ outcome: "sound", depth: "stored-bytes" });
    expect(await verify(ctx, row.id, { identity })).toMatchObject({ outcome: "sound", depth: "content" });
    const content = await contentOf(ctx, row, undefined, [x25519Identity(identity)]);
    expect(content.records).toEqual(await stateOfDatabase(ctx));
    const wrong = { identity: newX25519Identity(randomBytes) };
    await expect(checkBackup(ctx, row.id, wrong)).rejects.toMatchObject({ code: "wrong-key" });
    const slip = { mode: "recipients", recipients: ["age1notakey"] };
    await expect(makeBackup(ctx, { encryption: slip })).rejects.toMatchObject({
      details: [{ path: "encryption.recipients.0" }],
    });
  });

  it("from a passphrase are kept nowhere, and a wrong one is said at once", async () => {
    const { ctx } = await userWithRecords(2);
    const passphrase = "correct horse battery";
    const encryption = { mode: "passphrase", passphrase };
    const { id } = await createBackup(ctx, CreateBackupBody.parse({ encryption }));
    const dump = async () =>
      JSON.stringify(
        await ctx.db
          .sql`select b::text, j::text, (select string_agg(e::text, '') from job_events e) from backups b, jobs j`,
      );
    expect(await dump()).not.toContain(passphrase);
    await runBackup(ctx, id);
    const row = await stored(ctx, id);
    expect(row).toMatchObject({ sealed_file_key: null, prepared_header: null });
    expect(await dump()).not.toContain(passphrase);
    await expect(checkBackup(ctx, id, { passphrase: "wrong horse" })).rejects.toMatchObject({ status: 403 });
    expect(await verify(ctx, id, { passphrase })).toMatchObject({ outcome: "sound", depth: "content" });
    expect((await stored(ctx, id)).check_sealed_file_key).toBeNull();
    const child = await makeBackup(ctx, { type: "incremental", encryption });
    expect(child.parent_id).toBe(id);
    const other = { mode: "passphrase", passphrase: "another passphrase" };
    await expect(makeBackup(ctx, { type: "incremental", encryption: other })).rejects.toMatchObject({
      code: "passphrase-differs",
    });
    expect((await makeBackup(ctx, { encryption: other })).kind).toBe("full");
  });
});

describe("verifying", () => {
  it("reads a whole chain's member and says when it did", async () => {
    const { ctx } = await userWithRecords(3);
    await makeBackup(ctx);
    const child = await makeBackup(ctx, { type: "incremental" });
    expect((await getBackup(ctx, child.id)).lastVerified).toBeNull();
    const found = await verify(ctx, child.id);
    expect(found).toMatchObject({ outcome: "sound", depth: "content" });
    const { checkJobId } = await getBackup(ctx, child.id);
    expect((await findJob(ctx.db.sql, checkJobId!, ctx.ownerId))?.job.state).toBe("completed");
  });

  it("says what is wrong with a file that was changed, swapped, or is gone", async () => {
    const { ctx } = await userWithRecords(3);
    const [one, two] = [await makeBackup(ctx), await makeBackup(ctx)];
    const whole = await bytesOf(ctx, one.storage_key);
    const put = (bytes: Buffer) =>
      ctx.storage.put(
        one.storage_key,
        (async function* () {
          yield await Promise.resolve(bytes);
        })(),
      );
    const flipped = Buffer.from(whole);
    flipped[whole.length - 20]! ^= 1;
    await put(flipped);
    expect(await verify(ctx, one.id)).toMatchObject({ outcome: "unsound", code: "damaged" });
    await put(await bytesOf(ctx, two.storage_key));
    expect(await verify(ctx, one.id)).toMatchObject({ outcome: "unsound", code: "wrong-backup" });
    await ctx.storage.delete(one.storage_key);
    expect(await verify(ctx, one.id)).toMatchObject({ code: "missing" });
    await put(whole);
    expect(await verify(ctx, one.id)).toMatchObject({ outcome: "sound" });
  });
});

describe("a drill", () => {
  it("restores a chain where nobody sees it, and finds what was there", async () => {
    const { ctx, collectionId } = await userWithRecords(20);
    await makeBackup(ctx);
    const [deleted, changed] = await idsOf(ctx);
    await ctx.db.sql`delete from records where id = ${deleted!}`;
    await ctx.db.sql`update records set data = ${ctx.db.sql.json({ title: 'mới \\ "x"\n' })}, version = 5,
      changed_xid = pg_current_xact_id() where id = ${changed!}`;
    await insert(ctx, collectionId, 2);
    const child = await makeBackup(ctx, { type: "incremental" });
    expect(await dueDrills(ctx)).toContain(child.id);
    expect(await runDrill(ctx, child.id)).toEqual({ outcome: "sound", depth: "content" });
    expect((await getBackup(ctx, child.id)).lastDrilled).toMatchObject({ outcome: "sound" });
    expect(await dueDrills(ctx)).not.toContain(child.id);
    expect((await stateOfDatabase(ctx)).size).toBe(21);
  });

  it("tells of a parent that is damaged, and does not blame a store that is away", async () => {
    const { ctx } = await userWithRecords(2);
    const full = await makeBackup(ctx);
    const child = await makeBackup(ctx, { type: "incremental" });
    const away = { ...ctx, storage: faultyStore(ctx.storage, (call) => call === "read") };
    await expect(runDrill(away, child.id)).rejects.toThrow(/read failed/);
    await ctx.storage.delete(full.storage_key);
    expect(await runDrill(ctx, child.id)).toMatchObject({ outcome: "unsound", code: "missing" });
  });
});

describe("deleting", () => {
  it("can be taken back for seven days, then the file and the row are gone", async () => {
    const { ctx } = await userWithRecords(1);
    const row = await makeBackup(ctx);
    await deleteBackup(ctx, row.id, { dependents: false });
    const list = (deleted: boolean) => listBackups(ctx, { limit: 10, deleted });
    expect((await list(false)).items).toEqual([]);
    expect((await list(true)).items.map((b) => b.id)).toEqual([row.id]);
    await expect(openDownload(ctx, row.id)).rejects.toMatchObject({ status: 404 });
    await undeleteBackup(ctx, row.id);
    expect((await list(false)).items[0]).toMatchObject({ id: row.id, deletedAt: null });
    await deleteBackup(ctx, row.id, { dependents: false });
    bench.clock.shiftMilliseconds += 6 * DAY;
    expect(await removeDeletedBackups(ctx)).toBe(0);
    bench.clock.shiftMilliseconds += 2 * DAY;
    await expect(undeleteBackup(ctx, row.id)).rejects.toMatchObject({ code: "backup-removed" });
    expect(await removeDeletedBackups(ctx)).toBeGreaterThan(0);
    expect(await ctx.storage.stat(row.storage_key)).toBeUndefined();
    await expect(getBackup(ctx, row.id)).rejects.toMatchObject({ status: 404 });
  });

  it("never breaks a chain", async () => {
    const { ctx } = await userWithRecords(1);
    const full = await makeBackup(ctx);
    const child = await makeBackup(ctx, { type: "incremental" });
    await expect(deleteBackup(ctx, full.id, { dependents: false })).rejects.toMatchObject({
      code: "backup-in-use",
    });
    await deleteBackup(ctx, full.id, { dependents: true });
    await undeleteBackup(ctx, child.id);
    expect((await listBackups(ctx, { limit: 10, deleted: false })).items).toHaveLength(2);
    expect((await verify(ctx, child.id))?.outcome).toBe("sound");
    await deleteBackup(ctx, child.id, { dependents: false });
    bench.clock.shiftMilliseconds += DAY;
    await deleteBackup(ctx, full.id, { dependents: false });
    bench.clock.shiftMilliseconds += 8 * DAY;
    await removeDeletedBackups(ctx);
    expect(await findBackup(ctx.db.sql, full.id)).toBeUndefined();
  });
});

describe("what goes wrong", () => {
  it("leaves nothing half there: a store that fails, then works", async () => {
    const { ctx } = await userWithRecords(3);
    const { id } = await createBackup(ctx, CreateBackupBody.parse({}));
    const broken = { ...ctx, storage: faultyStore(ctx.storage, (call) => call === "put") };
    await expect(runBackup(broken, id)).rejects.toThrow(/put failed/);
    expect(await ctx.storage.stat(`backups/${id}/file`)).toBeUndefined();
    await runBackup(ctx, id, 1);
    expect((await stored(ctx, id)).counts?.records).toBe(3);
  });

  it("ends as failed with a reason, and forgets the secret it was given", async () => {
    const { ctx } = await userWithRecords(1);
    const encryption = { mode: "passphrase", passphrase: "correct horse battery" };
    const { id, jobId } = await createBackup(ctx, CreateBackupBody.parse({ encryption }));
    await failBackup(ctx, id);
    expect(await getBackup(ctx, id)).toMatchObject({ state: "failed", failure: { code: "gave-up" } });
    expect(await findBackup(ctx.db.sql, id)).toMatchObject({ sealed_file_key: null, prepared_header: null });
    expect((await findJob(ctx.db.sql, jobId, ctx.ownerId))?.job.state).toBe("failed");
    await runBackup(ctx, id);
    expect((await getBackup(ctx, id)).state).toBe("failed");
    await expect(openDownload(ctx, id)).rejects.toMatchObject({ code: "backup-without-file" });
  });

  it("is cancelled before it begins, and while it is at work", async () => {
    const { ctx } = await userWithRecords(1);
    const first = await createBackup(ctx, CreateBackupBody.parse({}));
    await cancelJob(ctx, first.jobId);
    expect((await getBackup(ctx, first.id)).state).toBe("cancelled");
    const second = await createBackup(ctx, CreateBackupBody.parse({}));
    await ctx.db.sql`update backups set state = 'processing' where id = ${second.id}`;
    await cancelJob(ctx, second.jobId);
    await runBackup(ctx, second.id);
    expect((await getBackup(ctx, second.id)).state).toBe("cancelled");
    expect((await findJob(ctx.db.sql, second.jobId, ctx.ownerId))?.job.state).toBe("cancelled");
  });

  it("keeps accounts apart, and goes with its account", async () => {
    const { ctx } = await userWithRecords(2);
    const stranger = await bench.newUser();
    const row = await makeBackup(ctx);
    await makeBackup(ctx, { type: "incremental" });
    for (const attempt of [
      () => getBackup(stranger, row.id),
      () => openDownload(stranger, row.id),
      () => checkBackup(stranger, row.id, {}),
      () => deleteBackup(stranger, row.id, { dependents: true }),
      () => undeleteBackup(stranger, row.id),
    ])
      await expect(attempt()).rejects.toMatchObject({ status: 404 });
    await ctx.db.sql`delete from users where id = ${ctx.ownerId}`;
    expect(await findBackup(ctx.db.sql, row.id)).toBeUndefined();
  });
});
