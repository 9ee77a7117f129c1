import { createReadStream, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { checkChain } from "@/lib/core/backups/chain";
import { parseLines, type BackedRecord } from "@/lib/core/backups/lines";
import { BACKUP_FORMAT_VERSION } from "@/lib/core/backups/manifest";
import { gunzipped, readBackup, type ReadPiece } from "@/lib/core/backups/read";
import { decrypt } from "@/lib/platform/age/decrypt";
import type { Identity } from "@/lib/platform/age/recipients";
import { scryptIdentity } from "@/lib/platform/age/scrypt";
import { x25519Identity } from "@/lib/platform/age/x25519";

/**
 * Backups as Ferry wrote them, one folder for each version of the format. They are never made again: a backup of today
 * must open in every later Ferry. A new version of the format adds a folder.
 */
const FOLDER = path.resolve("lib/services/backups/fixtures/format-1");

type Manifest = Extract<ReadPiece, { kind: "manifest" }>;

async function read(name: string, identity: Identity) {
  const file = createReadStream(path.join(FOLDER, name)) as AsyncIterable<Buffer>;
  const parts: Extract<ReadPiece, { kind: "part" }>[] = [];
  let end: Manifest | undefined;
  for await (const piece of readBackup(gunzipped(decrypt(file, [identity])))) {
    if (piece.kind === "part") parts.push(piece);
    if (piece.kind === "manifest") end = piece;
  }
  return { ...end!, parts };
}

it("reads the backups that format 1 was, and comes to the same state", async () => {
  const identity = x25519Identity(readFileSync(path.join(FOLDER, "identity.txt"), "utf8").trim());
  const chain = [await read("full.tar.gz.age", identity), await read("incremental.tar.gz.age", identity)];
  checkChain(chain);
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
  const expected: unknown = JSON.parse(readFileSync(path.join(FOLDER, "state.json"), "utf8"));
  expect({ collections, records: state }).toEqual(expected);
  expect(BACKUP_FORMAT_VERSION).toBe(1);
});

it("reads one that a passphrase opens", async () => {
  const { manifest, manifestSha256 } = await read(
    "passphrase.tar.gz.age",
    scryptIdentity("correct horse battery"),
  );
  expect(manifest.counts).toEqual({ collections: 1, records: 1, deletions: 0 });
  expect(manifestSha256).toBe("605d056e0931825e6aa3ccc7860ccf34c69b4d9f6b5fa390ffc82498523e9df7");
});
