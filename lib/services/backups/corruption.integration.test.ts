import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BackupProblem } from "@/lib/core/backups/errors";
import { gunzipped } from "@/lib/core/backups/read";
import { readTar, tarEnd, tarHeader, tarPadding, type TarFile } from "@/lib/core/backups/tar";
import { decrypt } from "@/lib/platform/age/decrypt";
import { encrypt, prepareHeader } from "@/lib/platform/age/encrypt";
import { AgeError } from "@/lib/platform/age/errors";
import type { Identity } from "@/lib/platform/age/recipients";
import { x25519Recipient } from "@/lib/platform/age/x25519";
import { presentKey } from "@/lib/services/backups/keys";
import { openBackup, serverIdentities, type StoredBackup } from "@/lib/services/backups/open-file";
import { fillCategories, makeBackup, stateOfDatabase } from "@/lib/services/backups/testing";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { createTestBench, type TestBench } from "@/lib/services/testing";

/** Bytes of age's chunks, with their tags: what somebody without a key could exchange. */
const CHUNK = 64 * 1024 + 16;

let bench: TestBench;
let ctx: ServiceContext;
let full: StoredBackup;
let child: StoredBackup;
let file: Buffer;
let identities: Identity[];

beforeAll(async () => {
  bench = await createTestBench();
  ctx = await bench.newUser();
  await fillCategories(ctx, 40);
  await fill(ctx, 60);
  full = await makeBackup(ctx);
  await fill(ctx, 40);
  child = await makeBackup(ctx, { type: "incremental" });
  file = await bytesOf(child);
  identities = await serverIdentities(ctx, child);
});
afterAll(() => bench.close());

/** Records of text that does not compress, so that a small backup has several chunks. */
async function fill(user: ServiceContext, count: number): Promise<void> {
  const { id } = await createCollection(user, { name: "Notes", fields: [{ name: "text", type: "text" }] });
  const texts = Array.from({ length: count }, () => randomBytes(4_000).toString("base64"));
  await user.db.sql`
    insert into records (collection_id, id, owner_id, data)
    select ${id}, gen_random_uuid(), ${user.ownerId}, jsonb_build_object('text', t) from unnest(${texts}::text[]) t`;
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function* each(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 50_000)
    yield await Promise.resolve(bytes.subarray(at, at + 50_000));
}

const bytesOf = (row: StoredBackup) => collect(ctx.storage.read(row.storage_key));

/** Reads the child's place in the store as if it held these bytes; the reason why that was refused. */
async function refusal(bytes: Buffer, keys = identities): Promise<string | undefined> {
  const storage = { ...ctx.storage, read: () => each(bytes) };
  try {
    for await (const piece of openBackup({ ...ctx, storage }, child, full, keys)) void piece;
  } catch (error) {
    if (!(error instanceof BackupProblem) && !(error instanceof AgeError)) throw error;
    return error.message;
  }
  return undefined;
}

/** The child's content in another form, encrypted to the same key: whoever knows a public key can do that. */
async function forged(change: (files: TarFile[]) => TarFile[]): Promise<Buffer> {
  const files: TarFile[] = [];
  for await (const one of readTar(gunzipped(decrypt(each(file), identities)), 1e9)) files.push(one);
  const tar = change(files).flatMap(({ name, bytes }) => [
    tarHeader(name, bytes.length, 0),
    bytes,
    tarPadding(bytes.length),
  ]);
  const { recipient } = await presentKey(ctx, ctx.ownerId);
  const header = await prepareHeader([x25519Recipient(recipient)]);
  return collect(encrypt(each(gzipSync(Buffer.concat([...tar, tarEnd()]))), header));
}

it(
  "refuses more than a thousand ways of damaging a backup, each with a reason",
  { timeout: 240_000 },
  async () => {
    expect(await refusal(file)).toBeUndefined();
    const before = await stateOfDatabase(ctx);
    const accepted: string[] = [];
    let count = 0;
    for await (const [name, bytes] of damages()) {
      count++;
      if (((await refusal(bytes)) ?? "").length < 20) accepted.push(name);
    }
    expect(accepted).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(1_000);
    expect(await stateOfDatabase(ctx)).toEqual(before);
  },
);

type Damage = [name: string, bytes: Buffer];

async function* damages(): AsyncGenerator<Damage> {
  yield* flips();
  yield* lengths();
  yield* exchangedChunks();
  yield* exchangedParts();
  yield* otherFiles();
}

/** In every byte of the header, then spread over the content. */
function* flips(): Generator<Damage> {
  const start = contentStart();
  const offsets = Array.from({ length: start }, (_, at) => at);
  for (let n = 0; n < 600; n++) offsets.push(start + Math.floor((n / 600) * (file.length - start)));
  for (const at of offsets) {
    const flipped = Buffer.from(file);
    flipped[at]! ^= 1 << (at % 8);
    yield [`bit flipped in byte ${at}`, flipped];
  }
}

function* lengths(): Generator<Damage> {
  for (let n = 0; n < 200; n++) {
    const size = Math.floor((n / 200) * file.length);
    yield [`cut to ${size} bytes`, file.subarray(0, size)];
  }
  for (const size of [1, 2, 15, 16, 17, CHUNK]) yield [`${size} bytes short`, file.subarray(0, -size)];
  for (const size of [1, 16, 512, CHUNK])
    yield [`${size} bytes more`, Buffer.concat([file, randomBytes(size)])];
}

function* exchangedChunks(): Generator<Damage> {
  const start = contentStart();
  const chunks: Buffer[] = [];
  for (let at = start; at < file.length; at += CHUNK) chunks.push(file.subarray(at, at + CHUNK));
  expect(chunks.length).toBeGreaterThan(2);
  const withChunks = (list: Buffer[]) => Buffer.concat([file.subarray(0, start), ...list]);
  for (const [i, chunk] of chunks.entries()) {
    yield [`chunk ${i} left out`, withChunks(chunks.filter((_, k) => k !== i))];
    yield [`chunk ${i} twice`, withChunks(chunks.flatMap((one, k) => (k === i ? [one, chunk] : [one])))];
    for (let k = 0; k < i; k++) yield [`chunks ${k} and ${i} exchanged`, withChunks(swapped(chunks, i, k))];
  }
}

async function* exchangedParts(): AsyncGenerator<Damage> {
  let length = 0;
  await forged((files) => files.slice(0, (length = files.length)));
  const empty = { bytes: Buffer.alloc(0) };
  for (let i = 0; i < length; i++) {
    const each = (change: (one: TarFile) => TarFile[]) =>
      forged((files) => files.flatMap((one, k) => (k === i ? change(one) : [one])));
    yield [`part ${i} left out`, await each(() => [])];
    yield [`part ${i} twice`, await each((one) => [one, one])];
    yield [`part ${i} emptied`, await each((one) => [{ ...one, ...empty }])];
    for (let k = 0; k < i; k++)
      yield [`parts ${k} and ${i} exchanged`, await forged((files) => swapped(files, i, k))];
  }
  // Hashes and counts made to fit: only what was noted when the backup was made tells it.
  yield ["a manifest rewritten", await forged((files) => files.map(rewritten))];
}

async function* otherFiles(): AsyncGenerator<Damage> {
  const stranger = await bench.newUser();
  await fill(stranger, 2);
  yield ["another user's backup", await bytesOf(await makeBackup(stranger))];
  yield ["its own parent", await bytesOf(full)];
  yield ["one with another parent", await bytesOf(await makeBackup(ctx, { type: "incremental" }))];
  yield ["a picture", Buffer.concat([Buffer.from("\x89PNG\r\n"), randomBytes(3000)])];
  yield ["nothing", Buffer.alloc(0)];
}

/** After the header and its nonce. */
const contentStart = () => file.indexOf("\n", file.indexOf("\n---") + 1) + 1 + 16;

function swapped<T>(items: readonly T[], i: number, k: number): T[] {
  const list = [...items];
  [list[i], list[k]] = [list[k]!, list[i]!];
  return list;
}

it("says whose backup, or after which one, it is", async () => {
  const stranger = await bench.newUser();
  const theirs = await makeBackup(stranger);
  expect(await refusal(await bytesOf(theirs))).toMatch(/None of the keys/);
  const both = [...identities, ...(await serverIdentities(stranger, theirs))];
  expect(await refusal(await bytesOf(theirs), both)).toMatch(/another account/);
  expect(await refusal(await bytesOf(full))).toMatch(/another backup than the one/);
  expect(await refusal(await forged((files) => files.map(rewritten)))).toMatch(/not what was written/);
});

function rewritten(one: TarFile): TarFile {
  if (one.name !== "manifest.json") return one;
  const text = one.bytes.toString().replace(/"fingerprint": "-?\d+"/, '"fingerprint": "7"');
  return { ...one, bytes: Buffer.from(text) };
}
