import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findJob } from "@/db/queries/job-lists";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { decrypt } from "@/lib/platform/age/decrypt";
import { gunzipped, readBackup } from "@/lib/core/backups/read";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import { deleteBackup } from "@/lib/services/backups/delete-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { openDownload } from "@/lib/services/backups/open-download";
import { serverIdentities } from "@/lib/services/backups/open-file";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";
import { runBackup } from "@/lib/services/backups/run-backup";
import { runCheck } from "@/lib/services/backups/run-check";
import { runDrill } from "@/lib/services/backups/run-drill";
import { makeBackup, stateOf, stateOfDatabase, stored } from "@/lib/services/backups/testing";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { s3Store } from "@/lib/storage/drivers/s3";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import { collect } from "@/lib/storage/testing";
import {
  startS3Server,
  type S3Fault,
  type S3Request,
  type S3TestServer,
} from "@/lib/storage/testing/s3-server";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";
import { retryingStore } from "@/lib/storage/wrappers/retrying";

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

let bench: TestBench;
let server: S3TestServer;
/** An account whose backups are larger than one part of an upload, and whose files lie in a bucket. */
let ctx: ServiceContext;
let collectionId: string;

beforeAll(async () => {
  bench = await createTestBench();
  server = await startS3Server();
});
afterAll(async () => {
  await server.close();
  await bench.close();
});

let users = 0;
beforeEach(async () => {
  const settings = parseS3Url(server.url(`installation-${++users}/`));
  const plain = s3Store(settings, server.credentials, [1, 1]);
  ctx = {
    ...(await bench.newUser()),
    storage: encryptedStore(retryingStore(plain, [1, 1]), randomBytes(32)),
  };
  const created = await createCollection(ctx, { name: "Trips", fields: [{ name: "title", type: "text" }] });
  collectionId = created.id;
  await insert(13, 700_000);
});
afterEach(() => {
  server.fault = () => undefined;
});

/** Records of text that nothing compresses below three quarters. */
async function insert(count: number, textBytes: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const title = randomBytes(textBytes).toString("base64");
    await ctx.db.sql`
      insert into records (collection_id, id, owner_id, data)
      values (${collectionId}, gen_random_uuid(), ${ctx.ownerId}, ${ctx.db.sql.json({ title })})`;
  }
}

async function keysIn(): Promise<string[]> {
  const keys = [];
  for await (const key of ctx.storage.list("backups/")) keys.push(key);
  return keys;
}

async function verify(id: string) {
  const { checkJobId } = await checkBackup(ctx, id, {});
  await runCheck(ctx, id, checkJobId!);
  return (await getBackup(ctx, id)).lastVerified;
}

const isPart = ({ method, query }: S3Request) => method === "PUT" && query.partNumber !== undefined;

/** From the second part on: the first is stored by then. */
function failParts(fault: S3Fault): void {
  server.fault = (request) => (isPart(request) && request.query.partNumber !== "1" ? fault : undefined);
}

/** In the middle of what is read next. */
function goAwayAfter(bytes: number): void {
  let isAway = false;
  server.fault = ({ method, query }) => {
    if (method !== "GET" || query.prefix !== undefined) return undefined;
    if (isAway) return "cut-before";
    isAway = true;
    return { cutAfterBytes: bytes };
  };
}

describe("backups in a bucket", () => {
  it("are made in parts, gone on from, verified, drilled, downloaded in ranges and removed", async () => {
    const full = await makeBackup(ctx);
    expect(server.requests.filter(isPart).length).toBeGreaterThan(1);
    await insert(2, 1_000);
    const child = await makeBackup(ctx, { type: "incremental" });
    expect(await getBackup(ctx, child.id)).toMatchObject({ type: "incremental", parentId: full.id });
    expect(await stateOf(ctx, child.id)).toEqual(await stateOfDatabase(ctx));
    expect(await verify(full.id)).toMatchObject({ outcome: "sound" });
    expect(await verify(child.id)).toMatchObject({ outcome: "sound" });
    expect(await runDrill(ctx, child.id)).toEqual({ outcome: "sound", depth: "content" });

    const download = await openDownload(ctx, full.id);
    const half = Math.floor(download.sizeBytes / 2);
    const file = Buffer.concat([
      await collect(download.read({ start: 0, end: half })),
      await collect(download.read({ start: half, end: download.sizeBytes })),
    ]);
    expect(file).toHaveLength(full.size_bytes);
    const kinds = new Set<string>();
    const given = (async function* () {
      yield await Promise.resolve(file);
    })();
    for await (const { kind } of readBackup(gunzipped(decrypt(given, await serverIdentities(ctx, full)))))
      kinds.add(kind);
    expect([...kinds]).toEqual(["opening", "part", "manifest"]);

    await deleteBackup(ctx, full.id, { dependents: true });
    expect(await keysIn()).toHaveLength(2);
    bench.clock.shiftMilliseconds += 8 * DAY;
    expect(await removeDeletedBackups(ctx)).toBe(2);
    expect(await keysIn()).toEqual([]);
    expect(await server.unfinished()).toEqual([]);
  });
});

describe("a bucket that goes away in the middle of a backup", () => {
  it("leaves nothing of it, and the next attempt succeeds", async () => {
    const { id } = await createBackup(ctx, CreateBackupBody.parse({}));
    failParts({ status: 503, code: "ServiceUnavailable" });
    await expect(runBackup(ctx, id)).rejects.toMatchObject({ code: "storage-unavailable" });
    expect(await server.unfinished()).toEqual([]);
    server.fault = () => undefined;
    expect(await keysIn()).toEqual([]);
    await runBackup(ctx, id, 1);
    expect((await stored(ctx, id)).counts?.records).toBe(13);
    expect(await keysIn()).toHaveLength(1);
    expect(await verify(id)).toMatchObject({ outcome: "sound" });
  });

  it("so wholly that the upload cannot be given up either: the clean-up comes after it", async () => {
    const { id } = await createBackup(ctx, CreateBackupBody.parse({}));
    server.fault = ({ method, query }) =>
      query.partNumber === "2" || method === "DELETE" ? "cut-before" : undefined;
    await expect(runBackup(ctx, id)).rejects.toMatchObject({ code: "storage-unreachable" });
    server.fault = () => undefined;
    expect(await server.unfinished()).toHaveLength(1);
    expect(await keysIn()).toEqual([]);
    await server.age(25);
    expect(await ctx.storage.removeDrafts(new Date(Date.now() - DAY))).toBe(1);
    expect(await server.unfinished()).toEqual([]);
  });

  it("when its answer to the last request is lost: what was stored is the backup, or is cleared away", async () => {
    const { id } = await createBackup(ctx, CreateBackupBody.parse({}));
    let completed = 0;
    server.fault = ({ method, query }) =>
      method === "POST" && query.uploadId !== undefined && ++completed === 1 ? "cut-after" : undefined;
    await runBackup(ctx, id);
    expect(await verify(id)).toMatchObject({ outcome: "sound" });

    const second = await createBackup(ctx, CreateBackupBody.parse({}));
    server.fault = ({ method, query }) =>
      method === "POST" && query.uploadId !== undefined ? "cut-after" : undefined;
    await runBackup(ctx, second.id).catch(() => undefined);
    server.fault = () => undefined;
    await runBackup(ctx, second.id, 1);
    expect(await verify(second.id)).toMatchObject({ outcome: "sound" });
    bench.clock.shiftMilliseconds += 2 * HOUR;
    await removeDeletedBackups(ctx);
    expect(await keysIn()).toHaveLength(2);
    expect(await server.unfinished()).toEqual([]);
  });

  it("says nothing about a backup that is there", async () => {
    const row = await makeBackup(ctx);
    expect(await verify(row.id)).toMatchObject({ outcome: "sound" });
    const { checkJobId } = await checkBackup(ctx, row.id, {});
    goAwayAfter(300_000);
    await expect(runCheck(ctx, row.id, checkJobId!)).rejects.toMatchObject({ code: "storage-unreachable" });
    goAwayAfter(300_000);
    await expect(runDrill(ctx, row.id)).rejects.toMatchObject({ code: "storage-unreachable" });
    expect(await getBackup(ctx, row.id)).toMatchObject({
      lastVerified: { outcome: "sound" },
      lastDrilled: null,
    });
  });
});

describe("a bucket without room", () => {
  it("ends the backup with that reason, and nothing of it is left", async () => {
    const earlier = await makeBackup(ctx);
    const { id, jobId } = await createBackup(ctx, CreateBackupBody.parse({}));
    failParts({ status: 507, code: "InsufficientStorage" });
    await runBackup(ctx, id);
    server.fault = () => undefined;
    const { failure } = await getBackup(ctx, id);
    expect(failure).toMatchObject({ code: "storage-full" });
    expect(failure?.message).toMatch(/no room left/);
    expect((await findJob(ctx.db.sql, jobId, ctx.ownerId))?.job.state).toBe("failed");
    expect(await keysIn()).toEqual([earlier.storage_key]);
    expect(await server.unfinished()).toEqual([]);
    expect(await verify(earlier.id)).toMatchObject({ outcome: "sound" });
  });
});
