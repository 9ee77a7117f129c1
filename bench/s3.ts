/**
 * A large object through the store as an installation has it (encrypted at rest, with retries): into a bucket and out
 * again, then the same on the local disk. MB of the object by CPU second of this process and by second; peak RSS. The S3
 * server (s3rver) runs in a process of its own, whose speed is not ours: CPU seconds and memory are what counts.
 *
 *   npm run bench -- s3 [MiB]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { diskStore } from "@/lib/storage/drivers/disk";
import { s3Store } from "@/lib/storage/drivers/s3";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import type { Store } from "@/lib/storage/store";
import { startS3Server } from "@/lib/storage/testing/s3-server";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";
import { retryingStore } from "@/lib/storage/wrappers/retrying";

const MIB = 1024 * 1024;
const PIECE = randomBytes(256 * 1024);

if (process.argv[2] === "serve") await serve();
else await measure(Number(process.argv[2] ?? 1024));

async function serve(): Promise<void> {
  const server = await startS3Server();
  process.send?.({ url: server.url(), credentials: server.credentials });
  process.on("disconnect", () => void server.close().then(() => process.exit(0)));
}

async function measure(mebibytes: number): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ["serve"]);
  const [{ url, credentials }] = (await once(server, "message")) as [
    { url: string; credentials: { accessKeyId: string; secretAccessKey: string } },
  ];
  const folder = await mkdtemp(path.join(tmpdir(), "ferry-bench-"));
  try {
    const bucket = encrypted(retryingStore(s3Store(parseS3Url(url), credentials)));
    for (const size of [Math.ceil(mebibytes / 8), mebibytes]) await round(`S3, ${size} MiB`, bucket, size);
    await round(`disk, ${mebibytes} MiB`, encrypted(diskStore(folder)), mebibytes);
  } finally {
    server.disconnect();
    await rm(folder, { recursive: true });
  }
}

function encrypted(store: Store): Store {
  return encryptedStore(store, randomBytes(32));
}

async function round(what: string, store: Store, mebibytes: number): Promise<void> {
  const sizeBytes = mebibytes * MIB;
  const body = (async function* () {
    for (let at = 0; at < sizeBytes; at += PIECE.length) yield await Promise.resolve(PIECE);
  })();
  await measured(`${what}: put`, sizeBytes, () => store.put("large", body));
  await measured(`${what}: read`, sizeBytes, async () => {
    let read = 0;
    for await (const piece of store.read("large")) read += piece.length;
    if (read !== sizeBytes) throw new Error("it came back shorter");
  });
  await store.delete("large");
}

async function measured(what: string, sizeBytes: number, work: () => Promise<unknown>): Promise<void> {
  globalThis.gc?.();
  let peakRss = 0;
  const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), 20);
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  clearInterval(sampler);
  const byCpu = (sizeBytes / (user + system)).toFixed(0);
  const bySecond = (sizeBytes / 1e6 / seconds).toFixed(0);
  console.log(
    `${what.padEnd(22)}${byCpu.padStart(5)} MB per CPU s, ${bySecond.padStart(4)} MB/s, peak RSS ${(peakRss / 1e6).toFixed(0)} MB`,
  );
}
