import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findBackup } from "@/db/queries/backups";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { AppError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import { checkBackup } from "@/lib/services/backups/check-backup";
import { createBackup } from "@/lib/services/backups/create-backup";
import { deleteBackup } from "@/lib/services/backups/delete-backup";
import { getBackup } from "@/lib/services/backups/get-backup";
import { removeDeletedBackups } from "@/lib/services/backups/remove-expired";
import { runBackup } from "@/lib/services/backups/run-backup";
import { runCheck } from "@/lib/services/backups/run-check";
import { runDrill } from "@/lib/services/backups/run-drill";
import { makeBackup, stored } from "@/lib/services/backups/testing";
import type { ServiceContext } from "@/lib/services/context";
import { getJob } from "@/lib/services/jobs/get-job";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { faultyStore, type StoreCall } from "@/lib/storage/wrappers/faulty";

let bench: TestBench;
let ctx: ServiceContext;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.clock.shiftMilliseconds = 0;
  ctx = await bench.newUser();
  const id = newId();
  await ctx.db.sql`
    insert into collections (id, owner_id, name, fields, key_fields) values (${id}, ${ctx.ownerId}, 'Things', '[]', '{}')`;
  await ctx.db.sql`
    insert into records (id, owner_id, collection_id, data)
    select gen_random_uuid(), ${ctx.ownerId}, ${id}, '{"n":1}' from generate_series(1, 50)`;
});

const DAY_MS = 86_400_000;
/** The store with a trouble of the given kind in calls of one kind. */
function troubled(call: StoreCall, code: string, isTransient: boolean): ServiceContext {
  const fault = () => Object.assign(new AppError(503, code, `The storage said ${code}.`), { isTransient });
  return { ...ctx, storage: faultyStore(ctx.storage, (one) => one === call, fault) };
}
async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const key of ctx.storage.list("backups/")) found.push(key);
  return found.sort();
}
const ask = (input: object = {}) => createBackup(ctx, CreateBackupBody.parse(input));
async function failureOf(jobId: string) {
  const { state, recentErrors } = await getJob(ctx, jobId);
  return { state, ...recentErrors[0] };
}

describe("while a backup is made", () => {
  it("a store that is full ends it at once with the store's own words, and nothing is left", async () => {
    const before = await keys();
    const { id, jobId } = await ask();
    await runBackup(troubled("put", "storage-full", false), id);
    expect(await getBackup(ctx, id)).toMatchObject({
      state: "failed",
      failure: { code: "storage-full", message: "The storage said storage-full." },
    });
    expect(await failureOf(jobId)).toMatchObject({ state: "failed", code: "storage-full" });
    expect(await keys()).toEqual(before);
    expect((await makeBackup(ctx, { type: "incremental" })).kind).toBe("full");
  });

  it("a store that is away for a while is tried again", async () => {
    const { id } = await ask();
    const away = troubled("put", "storage-unreachable", true);
    await expect(runBackup(away, id)).rejects.toMatchObject({ code: "storage-unreachable" });
    expect((await getBackup(ctx, id)).state).toBe("processing");
    await runBackup(ctx, id, 1);
    expect((await getBackup(ctx, id)).state).toBe("completed");
  });

  it("an attempt that hung while another one finished changes nothing and leaves nothing", async () => {
    const { id } = await ask();
    let reached: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const atPut = new Promise<void>((resolve) => (reached = resolve));
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const storage = {
      ...ctx.storage,
      put: async (key: string, body: AsyncIterable<Uint8Array>) => {
        reached();
        await held;
        return ctx.storage.put(key, body);
      },
    };
    const hung = runBackup({ ...ctx, storage }, id);
    await atPut;
    await runBackup(ctx, id, 1);
    const made = await stored(ctx, id);
    const ended = await getJob(ctx, made.job_id);
    goOn();
    await hung;
    expect(await stored(ctx, id)).toEqual(made);
    expect(await getJob(ctx, made.job_id)).toEqual(ended);
    expect((await keys()).filter((key) => key.includes(id))).toEqual([made.storage_key]);
    const { checkJobId } = await checkBackup(ctx, id, {});
    await runCheck(ctx, id, checkJobId!);
    expect((await getBackup(ctx, id)).lastVerified).toMatchObject({ outcome: "sound" });
  });

  it("what an attempt left that was killed is cleared away an hour after the end", async () => {
    const { id } = await ask();
    // Killed after the file was stored: its key is known, and nothing else was said.
    const left = `backups/${id}/${newId()}`;
    await ctx.db.sql`
      update backups set state = 'processing', attempt_keys = array[${left}], storage_key = ${left} where id = ${id}`;
    await ctx.storage.put(left, bytes());
    await runBackup(ctx, id, 1);
    const made = await stored(ctx, id);
    expect((await keys()).filter((key) => key.includes(id))).toEqual([left, made.storage_key].sort());
    await removeDeletedBackups(ctx);
    expect((await keys()).filter((key) => key.includes(id))).toHaveLength(2);
    bench.clock.shiftMilliseconds = DAY_MS;
    await removeDeletedBackups(ctx);
    expect((await keys()).filter((key) => key.includes(id))).toEqual([made.storage_key]);
    expect((await findBackup(ctx.db.sql, id))?.attempt_keys).toEqual([]);
  });
});

describe("while a backup is verified", () => {
  it("a store that refuses says so, and nothing about the backup", async () => {
    const { id } = await makeBackup(ctx);
    const { checkJobId } = await checkBackup(ctx, id, {});
    await runCheck(troubled("read", "storage-access-denied", false), id, checkJobId!);
    expect(await failureOf(checkJobId!)).toMatchObject({ state: "failed", code: "storage-access-denied" });
    expect((await getBackup(ctx, id)).lastVerified).toBeNull();
  });

  it("a store that is away for a while is tried again", async () => {
    const { id } = await makeBackup(ctx);
    const { checkJobId } = await checkBackup(ctx, id, {});
    const away = troubled("read", "storage-unreachable", true);
    await expect(runCheck(away, id, checkJobId!)).rejects.toMatchObject({ code: "storage-unreachable" });
    await runCheck(ctx, id, checkJobId!);
    expect((await getBackup(ctx, id)).lastVerified).toMatchObject({ outcome: "sound" });
  });

  it("a store that was emptied or is not mounted is not taken for backups that are gone", async () => {
    const made = await makeBackup(ctx);
    const emptied: ServiceContext = {
      ...ctx,
      storage: {
        ...ctx.storage,
        read: (_key, range) => ctx.storage.read("backups/none", range),
        stat: () => Promise.resolve(undefined),
        async *list() {
          // Nothing.
        },
      },
    };
    const { checkJobId } = await checkBackup(ctx, made.id, {});
    await runCheck(emptied, made.id, checkJobId!);
    expect(await failureOf(checkJobId!)).toMatchObject({ state: "failed", code: "storage-empty" });
    expect((await getBackup(ctx, made.id)).lastVerified).toBeNull();
    await expect(runDrill(emptied, made.id)).rejects.toMatchObject({ code: "storage-empty" });
    // Nor are rows of deleted backups forgotten, whose files would then lie there for good.
    await deleteBackup(ctx, made.id, { dependents: false });
    bench.clock.shiftMilliseconds = 8 * DAY_MS;
    await expect(removeDeletedBackups(emptied)).rejects.toMatchObject({ code: "storage-empty" });
    expect(await findBackup(ctx.db.sql, made.id)).toBeDefined();
    await removeDeletedBackups(ctx);
    expect(await findBackup(ctx.db.sql, made.id)).toBeUndefined();
    expect(await keys()).not.toContain(made.storage_key);
  });
});

it("a file that cannot be removed stops the removal of no other, and is tried again", async () => {
  const [stuck, free] = [await makeBackup(ctx), await makeBackup(ctx)];
  for (const { id } of [stuck, free]) await deleteBackup(ctx, id, { dependents: false });
  bench.clock.shiftMilliseconds = 8 * DAY_MS;
  const storage = {
    ...ctx.storage,
    delete: (key: string) =>
      key === stuck.storage_key ? Promise.reject(new Error("in use")) : ctx.storage.delete(key),
  };
  await expect(removeDeletedBackups({ ...ctx, storage })).rejects.toThrow("in use");
  expect(await findBackup(ctx.db.sql, free.id)).toBeUndefined();
  expect(await findBackup(ctx.db.sql, stuck.id)).toBeDefined();
  await removeDeletedBackups(ctx);
  expect(await findBackup(ctx.db.sql, stuck.id)).toBeUndefined();
  expect(await keys()).not.toContain(stuck.storage_key);
});

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from("left behind"));
}
