import { createHash, randomBytes } from "node:crypto";
import { STORAGE_STEPS, type StorageStep, type StorageTest } from "@/lib/contracts/storage";
import { env } from "@/lib/platform/env";
import { AppError, ConflictError } from "@/lib/platform/errors";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { tryDirectUpload } from "@/lib/services/storage/try-direct-upload";
import { ObjectDamagedError, ObjectMissingError } from "@/lib/storage/store";

/** More than one part of an object in a bucket. */
const PROBE_BYTES = 9 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const RANGE = { start: 4_000_000, end: 4_100_000 };
const STEP_MS_MAX = 30_000;

/** Whose test runs in this process: one at a time is enough. */
const testing = new Set<string>();

type Result = StorageTest["steps"][number];

/**
 * Writes, reads, lists and deletes an object of its own, and says of each step how long it took or in words why it
 * failed. Nothing of it stays. A step that fails makes the later ones pointless, except for the deletion.
 */
export async function testStorage(ctx: ServiceContext): Promise<StorageTest> {
  if (testing.has(ctx.ownerId)) {
    throw new ConflictError(
      "test-running",
      "A test of the storage is running already. Wait until it has ended.",
    );
  }
  testing.add(ctx.ownerId);
  try {
    const results: Result[] = [];
    const steps = stepsOf(ctx, `probes/${newId()}`);
    for (const step of STORAGE_STEPS) {
      const failed = results.some((result) => result.outcome === "failed");
      const pointless = failed && step !== "delete";
      const work = pointless ? undefined : steps[step];
      results.push(work ? await measured(ctx, step, work) : skipped(step));
    }
    return { ok: results.every((r) => r.outcome !== "failed"), probeBytes: PROBE_BYTES, steps: results };
  } finally {
    testing.delete(ctx.ownerId);
  }
}

/** Each step; a number that it answers is how many bytes it moved. */
function stepsOf(
  { storage }: ServiceContext,
  key: string,
): Record<StorageStep, (() => Promise<number | undefined>) | undefined> {
  const bytes = randomBytes(PROBE_BYTES);
  return {
    async write() {
      await storage.put(key, chunksOf(bytes));
      return bytes.length;
    },
    async read() {
      await compare(storage.read(key), bytes);
      return bytes.length;
    },
    async range() {
      await compare(storage.read(key, RANGE), bytes.subarray(RANGE.start, RANGE.end));
      return undefined;
    },
    async list() {
      for await (const found of storage.list(key)) if (found === key) return undefined;
      throw new AppError(
        503,
        "storage-not-listed",
        "The storage does not list an object that was just written.",
      );
    },
    async delete() {
      await storage.delete(key);
      if (!(await storage.stat(key))) return undefined;
      throw new AppError(503, "storage-not-deleted", "An object is still there after it was deleted.");
    },
    direct:
      storage.incoming && (() => tryDirectUpload(storage.incoming!, key, new URL(env().APP_URL).origin)),
  };
}

async function measured(
  ctx: ServiceContext,
  step: StorageStep,
  work: () => Promise<number | undefined>,
): Promise<Result> {
  const begun = performance.now();
  const elapsedMs = () => Math.round((performance.now() - begun) * 10) / 10;
  try {
    const movedBytes = await inTime(work());
    const ms = elapsedMs();
    const bytesPerSecond =
      movedBytes === undefined ? null : Math.round(movedBytes / (Math.max(ms, 0.1) / 1000));
    return { step, outcome: "ok", ms, bytesPerSecond, error: null };
  } catch (error) {
    ctx.log.warn({ err: error, step }, "the test of the storage failed");
    return { step, outcome: "failed", ms: elapsedMs(), bytesPerSecond: null, error: inWords(error) };
  }
}

function skipped(step: StorageStep): Result {
  return { step, outcome: "skipped", ms: null, bytesPerSecond: null, error: null };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new AppError(503, "storage-slow", `The storage took longer than ${STEP_MS_MAX / 1000} seconds.`),
        ),
      STEP_MS_MAX,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function inWords(error: unknown): { code: string; message: string } {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  if (error instanceof ObjectDamagedError) {
    return { code: "storage-damaged", message: "What was read is not what had been written." };
  }
  if (error instanceof ObjectMissingError) {
    return { code: "storage-lost", message: "An object that was just written is not there." };
  }
  return {
    code: "storage-failed",
    message: "The storage failed for a reason that only the server's log shows.",
  };
}

async function compare(body: AsyncIterable<Uint8Array>, wanted: Uint8Array): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of body) hash.update(chunk);
  if (hash.digest("hex") === createHash("sha256").update(wanted).digest("hex")) return;
  throw new AppError(503, "storage-damaged", "What was read is not what had been written.");
}

async function* chunksOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield await Promise.resolve(bytes.subarray(at, at + CHUNK_BYTES));
  }
}
