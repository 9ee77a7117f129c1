import { createReadStream, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { checkChain } from "@/lib/core/backups/chain";
import { parseLines, type BackedRecord } from "@/lib/core/backups/lines";
import { BACKUP_CATEGORIES, BACKUP_FORMAT_VERSION, holdsCategories } from "@/lib/core/backups/manifest";
import { gunzipped, readBackup, type ReadPiece } from "@/lib/core/backups/read";
import { decrypt } from "@/lib/platform/age/decrypt";
import type { Identity } from "@/lib/platform/age/recipients";
import { scryptIdentity } from "@/lib/platform/age/scrypt";
import { x25519Identity } from "@/lib/platform/age/x25519";

/**
 * Backups as Ferry wrote them, one folder for each version of the format. They are never made again: a backup of today
 * must open in every later Ferry. A new version of the format adds a folder.
 */
const FOLDER = path.resolve("lib/services/backups/fixtures");

const PASSPHRASE_MANIFESTS = [
  "605d056e0931825e6aa3ccc7860ccf34c69b4d9f6b5fa390ffc82498523e9df7",
  "01d5701d69e95f914736ad0479f0aebda987928548c64934b7e81c8bfb4254f7",
];
const FORMATS = PASSPHRASE_MANIFESTS.map((manifestSha256, at) => ({
  format: at + 1,
  folder: path.join(FOLDER, `format-${at + 1}`),
  manifestSha256,
}));

type Part = Extract<ReadPiece, { kind: "part" }>;
type Manifest = Extract<ReadPiece, { kind: "manifest" }>;

async function read(place: string, identity: Identity) {
  const file = createReadStream(place) as AsyncIterable<Buffer>;
  const parts: Part[] = [];
  let end: Manifest | undefined;
  for await (const piece of readBackup(gunzipped(decrypt(file, [identity])))) {
    if (piece.kind === "part") parts.push(piece);
    if (piece.kind === "manifest") end = piece;
  }
  return { ...end!, parts };
}

it("is about every format that there is", () => {
  expect(FORMATS.map(({ format }) => format).at(-1)).toBe(BACKUP_FORMAT_VERSION);
});

it.each(FORMATS)(
  "reads the backups of format $format, and comes to the same state",
  async ({ format, folder }) => {
    const identity = x25519Identity(readFileSync(path.join(folder, "identity.txt"), "utf8").trim());
    const chain = await Promise.all(
      ["full.tar.gz.age", "incremental.tar.gz.age"].map((name) => read(path.join(folder, name), identity)),
    );
    checkChain(chain);
    expect(chain.map(({ manifest }) => manifest.formatVersion)).toEqual([format, format]);
    const records = new Map<string, BackedRecord>();
    let collections: Record<string, string> = {};
    for (const { parts } of chain) {
      const of = (kind: string) => parts.filter(({ part }) => part.kind === kind);
      for (const { part, bytes } of of("deletions"))
        for (const line of parseLines("deletions", part.name, bytes))
          records.delete(`${line.collectionId}/${line.id}`);
      for (const { part, bytes } of of("records")) {
        for (const line of parseLines("records", part.name, bytes))
          records.set(`${part.collectionId}/${line.id}`, line);
      }
      collections = {};
      for (const { part, bytes } of of("collections"))
        for (const line of parseLines("collections", part.name, bytes)) collections[line.id] = line.name;
    }
    const state: Record<string, BackedRecord[]> = {};
    for (const [key, record] of [...records].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (key.slice(0, 36) in collections) (state[key.slice(0, 36)] ??= []).push(record);
    const newest = chain.at(-1)!;
    const categories = holdsCategories(newest.manifest) ? { categories: categoriesOf(newest.parts) } : {};
    const expected: unknown = JSON.parse(readFileSync(path.join(folder, "state.json"), "utf8"));
    expect({ collections, records: state, ...categories }).toEqual(expected);
  },
);

function categoriesOf(parts: readonly Part[]): Record<string, object[]> {
  return Object.fromEntries(
    BACKUP_CATEGORIES.map((category) => [
      category,
      parts.flatMap(({ part, bytes }) =>
        part.kind === category ? [...parseLines(category, part.name, bytes)] : [],
      ),
    ]),
  );
}

it.each(FORMATS)(
  "reads one of format $format that a passphrase opens",
  async ({ folder, manifestSha256 }) => {
    const end = await read(
      path.join(folder, "passphrase.tar.gz.age"),
      scryptIdentity("correct horse battery"),
    );
    expect(end.manifest.counts).toMatchObject({ collections: 1, records: 1, deletions: 0 });
    expect(end.manifestSha256).toBe(manifestSha256);
  },
);
