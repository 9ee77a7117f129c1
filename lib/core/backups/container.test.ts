import { execFileSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkChain, checkExpected, decideKind } from "@/lib/core/backups/chain";
import { BackupProblem } from "@/lib/core/backups/errors";
import {
  BACKUP_CATEGORIES,
  newOpening,
  parseOpening,
  type BackupManifest,
} from "@/lib/core/backups/manifest";
import { gunzipped, readBackup, type ReadPiece } from "@/lib/core/backups/read";
import { readTar, tarEnd, tarHeader, tarPadding } from "@/lib/core/backups/tar";
import { gzipped, writeBackup, type WrittenBackup, type WrittenPart } from "@/lib/core/backups/write";

const OWNER = randomUUID();
const COLLECTION = "0192f3a4-7b2c-7def-8abc-0123456789ab";
const AT = "2026-11-22T20:30:00.000Z";

const NOTICE = {
  id: "0192f3a4-7b2c-7def-8abc-00000000aaaa",
  kind: "backup-made",
  subjectId: null,
  title: "A backup was made",
  message: "It holds 3 records.",
  mail: "none",
  createdAt: AT,
  readAt: null,
  resolvedAt: AT,
};
const FIGURES = { fields: 1, records: 3, imported: 0, byHand: 3, firstRecordAt: AT, lastChangeAt: AT };

function record(n: number): string {
  const id = `0192f3a4-7b2c-7def-8abc-${n.toString(16).padStart(12, "0")}`;
  return `${JSON.stringify({ id, version: 1, createdAt: AT, updatedAt: AT, importId: null, data: { title: `Ngày ${n} 🧳` } })}\n`;
}

function parts(records = [1, 2, 3]): WrittenPart[] {
  const collection = {
    id: COLLECTION,
    name: "Trips",
    template: null,
    fields: [{ name: "title", type: "text" }],
  };
  const line = { ...collection, keyFields: [], matching: null, createdAt: AT, updatedAt: AT };
  const deletion = { collectionId: COLLECTION, id: randomUUID() };
  return [
    { kind: "collections", count: 1, bytes: Buffer.from(`${JSON.stringify(line)}\n`) },
    ...records.map((n): WrittenPart => {
      return { kind: "records", collectionId: COLLECTION, count: 1, bytes: Buffer.from(record(n)) };
    }),
    { kind: "deletions", count: 1, bytes: Buffer.from(`${JSON.stringify(deletion)}\n`) },
    part("preferences", { setting: "name", about: "", value: "Nguyễn" }),
    part("notifications", NOTICE),
    part("analytics", { ...FIGURES, collectionId: COLLECTION, collection: "Trips" }),
  ];
}

function part(kind: WrittenPart["kind"], ...lines: object[]): WrittenPart {
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return { kind, count: lines.length, bytes };
}

/** The same backup as format 1 had it: without its categories. */
function inFormat1(tar: Buffer, change: (manifest: Record<string, unknown>) => object = (same) => same) {
  return rewritten(tar, (name, bytes) => {
    if (/^(preferences|notifications|analytics)\//.test(name)) return undefined;
    if (!name.endsWith(".json")) return bytes;
    const { categories, ...json } = JSON.parse(bytes.toString()) as Record<string, unknown>;
    const of1 = { ...json, formatVersion: 1 };
    if (categories === undefined) return Buffer.from(JSON.stringify(of1));
    const { counts, parts } = json as unknown as BackupManifest;
    const { collections, records, deletions } = counts;
    const listed = parts.filter(({ kind }) => kind in { collections, records, deletions });
    return Buffer.from(
      JSON.stringify(change({ ...of1, counts: { collections, records, deletions }, parts: listed })),
    );
  });
}

async function rewritten(
  tar: Buffer,
  change: (name: string, bytes: Buffer) => Buffer | undefined,
): Promise<Buffer> {
  const written: Buffer[] = [];
  for await (const { name, bytes: original } of readTar(each([tar]), 1e9)) {
    const bytes = change(name, original);
    if (bytes) written.push(tarHeader(name, bytes.length, 0), bytes, tarPadding(bytes.length));
  }
  return Buffer.concat([...written, tarEnd()]);
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all = [];
  for await (const piece of bytes) all.push(piece);
  return Buffer.concat(all);
}

async function make(over: Partial<Parameters<typeof newOpening>[0]> = {}, content = parts()) {
  const opening = newOpening({
    backupId: randomUUID(),
    ownerId: OWNER,
    kind: "full",
    parent: null,
    snapshotAt: AT,
    appVersion: "1.2.3",
    ...over,
  });
  let written: WrittenBackup | undefined;
  const states = {
    collections: [{ id: COLLECTION, recordCount: 3, fingerprint: "0" }],
    categories: BACKUP_CATEGORIES.map((category) => ({
      category,
      count: content.filter(({ kind }) => kind === category).reduce((sum, { count }) => sum + count, 0),
      fingerprint: "0",
    })),
  };
  const tar = await collect(
    writeBackup(
      opening,
      each(content),
      () => states,
      (w) => (written = w),
    ),
  );
  return { tar, ...written! };
}

async function read(tar: Buffer, pieceBytes = 1000): Promise<ReadPiece[]> {
  const pieces = [];
  const cut = Array.from({ length: Math.ceil(tar.length / pieceBytes) }, (_, i) =>
    tar.subarray(i * pieceBytes, (i + 1) * pieceBytes),
  );
  for await (const piece of readBackup(each(cut))) pieces.push(piece);
  return pieces;
}

async function refused(tar: Buffer): Promise<BackupProblem> {
  const error: unknown = await read(tar).then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(BackupProblem);
  return error as BackupProblem;
}

describe("the container of a backup", () => {
  it("is read as it was written, however its bytes come in", async () => {
    const made = await make();
    for (const pieceBytes of [1, 511, 512, 513, 100_000]) {
      const pieces = await read(made.tar, pieceBytes);
      expect(pieces.map((p) => p.kind)).toEqual(["opening", ...parts().map(() => "part"), "manifest"]);
      expect(pieces.at(-1)).toEqual({
        kind: "manifest",
        manifest: made.manifest,
        manifestSha256: made.manifestSha256,
      });
    }
    const counts = { collections: 1, records: 3, deletions: 1 };
    expect(made.manifest.counts).toEqual({ ...counts, preferences: 1, notifications: 1, analytics: 1 });
  });

  it("is unpacked by the system's own tar and gzip", async () => {
    const made = await make();
    const listed = execFileSync("tar", ["tzf", "-"], { input: await collect(gzipped(each([made.tar]))) });
    expect(listed.toString().trim().split("\n")).toEqual([
      "ferry-backup.json",
      ...made.manifest.parts.map((part) => part.name),
      "manifest.json",
    ]);
    const body = execFileSync("tar", ["xf", "-", "-O", `records/${COLLECTION}/000002.ndjson`], {
      input: made.tar,
    });
    expect(body.toString()).toBe(record(2));
  });

  it("refuses every changed byte that matters", async () => {
    const { tar } = await make();
    const changed = fc.integer({ min: 0, max: tar.length - 1 });
    await fc.assert(
      fc.asyncProperty(changed, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const copy = Buffer.from(tar);
        copy[at]! ^= 1 << bit;
        await refusedOrManifest(copy, tar);
      }),
      { numRuns: 300 },
    );
  });

  it("refuses every cut, and anything after the end", async () => {
    const { tar } = await make();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: tar.length - 1 }), async (size) => {
        await refused(tar.subarray(0, size));
      }),
      { numRuns: 100 },
    );
    expect((await refused(Buffer.concat([tar, Buffer.alloc(512)]))).message).toMatch(/follows its end/);
  });

  it("refuses parts in another order, twice, or left out", async () => {
    const { tar } = await make();
    const files: { name: string; bytes: Buffer }[] = [];
    for await (const file of readTar(each([tar]), 1e9)) files.push(file);
    const again = (order: number[]) =>
      Buffer.concat([
        ...order.flatMap((i) => {
          const { name, bytes } = files[i]!;
          return [tarHeader(name, bytes.length, Date.parse(AT) / 1000), bytes, tarPadding(bytes.length)];
        }),
        tarEnd(),
      ]);
    const rest = [6, 7, 8, 9];
    expect(again([0, 1, 2, 3, 4, 5, ...rest]).equals(tar)).toBe(true);
    expect((await refused(again([0, 1, 3, 2, 4, 5, ...rest]))).message).toMatch(
      /from "records\/.*\/000002.ndjson" on/,
    );
    expect((await refused(again([0, 1, 2, 2, 3, 4, 5, ...rest]))).code).toBe("damaged");
    expect((await refused(again([0, 1, 2, 3, 4, 5, 6, 7, 9]))).message).toMatch(
      /"analytics\/000001.ndjson" is missing/,
    );
    expect((await refused(again([0, 1, 2, 3, 4, 5, 7, 6, 8, 9]))).message).toMatch(
      /from "notifications\/000001.ndjson" on/,
    );
    expect((await refused(again([0, 1, 2, 3, 4, 5, 6, 7, 8]))).code).toBe("incomplete");
    expect((await refused(again([1, 2, 9]))).code).toBe("not-a-backup");
    expect((await refused(again([0, 1, 2, 3, 4, 5, ...rest, 2]))).message).toMatch(/follows its manifest/);
  });

  it("refuses what does not add up although its hashes do", async () => {
    const [collections, first, second] = parts();
    const twice = { ...first!, count: 2, bytes: Buffer.concat([first!.bytes, first!.bytes]) };
    expect((await refused((await make({}, [collections!, twice])).tar)).message).toMatch(/out of order/);
    const miscounted = { ...second!, count: 7 };
    expect((await refused((await make({}, [miscounted])).tar)).message).toMatch(/number of lines/);
    const unended = { ...second!, bytes: second!.bytes.subarray(0, -1) };
    expect((await refused((await make({}, [unended])).tar)).message).toMatch(/cut short/);
    const homeless = { kind: "records" as const, count: 1, bytes: second!.bytes };
    expect((await refused((await make({}, [homeless])).tar)).message).toMatch(/does not belong there/);
  });

  it("says so when a backup is newer than this Ferry, or no backup at all", async () => {
    const opening = { ...(await make()).manifest, formatVersion: 3, parts: "in a way of tomorrow" };
    expect(() => parseOpening(Buffer.from(JSON.stringify(opening)))).toThrow(
      /made by a newer Ferry \(format 3; this one reads up to 2/,
    );
    expect((await refused(randomBytes(2048))).code).toBe("damaged");
  });

  it("refuses entries of categories that are not what they should be", async () => {
    const wrong: [WrittenPart["kind"], object][] = [
      ["preferences", { setting: "name", about: "", value: null }],
      ["preferences", { setting: "name", value: "Ada" }],
      ["notifications", { ...NOTICE, id: "7" }],
      ["notifications", { ...NOTICE, createdAt: "yesterday" }],
      ["notifications", { ...NOTICE, title: undefined }],
      ["analytics", { ...FIGURES, collectionId: COLLECTION, collection: "Trips", records: -1 }],
    ];
    for (const [kind, line] of wrong) {
      const { message } = await refused((await make({}, [part(kind, line)])).tar);
      expect(message).toMatch(new RegExp(`"${kind}/000001.ndjson" is not one of ${kind}`));
    }
  });

  it("reads format 1, which has no categories, and refuses categories in it", async () => {
    const { tar } = await make();
    const pieces = await read(await inFormat1(tar));
    expect(pieces.at(-1)).toMatchObject({ manifest: { formatVersion: 1, counts: { records: 3 } } });
    const listed = inFormat1(tar, (manifest) => ({ ...manifest, categories: [] }));
    expect((await refused(await listed)).message).toMatch(/manifest is not complete/);
    const mixed = rewritten(tar, (name, bytes) =>
      name.endsWith(".json")
        ? Buffer.from(bytes.toString().replace('"formatVersion": 2', '"formatVersion": 1'))
        : bytes,
    );
    expect((await refused(await mixed)).message).toMatch(/"preferences\/000001.ndjson" that does not belong/);
    const without = rewritten(tar, (name, bytes) =>
      name === "manifest.json" ? Buffer.from(bytes.toString().replace('"categories"', '"others"')) : bytes,
    );
    expect((await refused(await without)).message).toMatch(/manifest is not complete/);
  });

  it("compresses and unpacks without a loss, and refuses damaged gzip", async () => {
    const bytes = Buffer.concat([randomBytes(1_000_000), Buffer.alloc(3_000_000, "x")]);
    const packed = await collect(gzipped(each([bytes.subarray(0, 77), bytes.subarray(77)])));
    expect((await collect(gunzipped(each([packed])))).equals(bytes)).toBe(true);
    for (const wrong of [
      packed.subarray(0, -5),
      Buffer.from("PK"),
      gzipSync(bytes).fill(7, 900_000, 900_100),
    ]) {
      await expect(collect(gunzipped(each([wrong])))).rejects.toThrow(BackupProblem);
    }
  });
});

/** Inside the manifest some texts (a fingerprint, the app's version) are only themselves; its hash tells them apart. */
async function refusedOrManifest(tar: Buffer, original: Buffer): Promise<void> {
  try {
    const [was, is] = [await read(original), await read(tar)].map((pieces) => pieces.at(-1));
    expect(is).not.toEqual(was);
  } catch (error) {
    expect(error).toBeInstanceOf(BackupProblem);
  }
}

describe("chains", () => {
  const link = (over: Partial<BackupManifest>, manifestSha256: string) => ({
    manifest: { ...MANIFEST, ...over },
    manifestSha256,
  });
  const MANIFEST: BackupManifest = {
    ...newOpening({
      backupId: "a",
      ownerId: OWNER,
      kind: "full",
      parent: null,
      snapshotAt: AT,
      appVersion: "1",
    }),
    counts: { collections: 0, records: 0, deletions: 0 },
    collections: [],
    parts: [],
  };
  const after = (backupId: string, parentId: string, sha: string): Partial<BackupManifest> => ({
    backupId,
    kind: "incremental",
    parent: { backupId: parentId, manifestSha256: sha },
  });

  it("hold together by content, not by name", () => {
    const full = link({}, "1");
    const second = link(after("b", "a", "1"), "2");
    const third = link(after("c", "b", "2"), "3");
    expect(() => checkChain([full, second, third])).not.toThrow();
    expect(() => checkChain([second, third])).toThrow(/does not begin with a full/);
    expect(() => checkChain([full, third])).toThrow(/one between them is missing/);
    expect(() => checkChain([full, link(after("b", "a", "other"), "2")])).toThrow(BackupProblem);
    expect(() => checkChain([full, link({ ...after("b", "a", "1"), ownerId: "x" }, "2")])).toThrow(
      /two accounts/,
    );
  });

  it("say when a whole backup is not the one that should be here", () => {
    const expected = { backupId: "a", ownerId: OWNER, parent: null, manifestSha256: "1" };
    expect(() => checkExpected(MANIFEST, "1", expected)).not.toThrow();
    const parent = { backupId: "p", manifestSha256: "0" };
    const codes = [{ ownerId: "x" }, { backupId: "x" }, { parent }, { manifestSha256: "2" }].map((wrong) => {
      try {
        checkExpected(MANIFEST, "1", { ...expected, ...wrong });
        return "accepted";
      } catch (error) {
        return (error as BackupProblem).code;
      }
    });
    expect(codes).toEqual(["wrong-owner", "wrong-backup", "wrong-parent", "wrong-backup"]);
  });

  it("are bounded", () => {
    const end = (position: number) => ({ backupId: "a", manifestSha256: "1", position });
    expect(decideKind("incremental", undefined, 7)).toBe("full");
    expect(decideKind("incremental", end(0), 7)).toBe("incremental");
    expect(decideKind("incremental", end(5), 7)).toBe("incremental");
    expect(decideKind("incremental", end(6), 7)).toBe("full");
    expect(decideKind("full", end(0), 7)).toBe("full");
    expect(decideKind("incremental", end(0), 1)).toBe("full");
  });
});
