import { createHash } from "node:crypto";
import { BackupProblem, damaged } from "./errors";
import { parseLines, type BackedCollection } from "./lines";
import { MANIFEST_NAME, OPENING_NAME, parseManifest, parseOpening, type BackupManifest } from "./manifest";
import { PART_BYTES_MAX } from "./read";
import { readTar } from "./tar";

/** What a backup holds, without its records and categories. */
export interface BackupOutline {
  manifest: BackupManifest;
  /** Hex. */
  manifestSha256: string;
  collections: BackedCollection[];
}

/**
 * Reads through a backup's tar for what it says of itself; all but its collections is
 * passed over. It tells what to expect and what is needed of it. Whether it keeps its word is for `readBackup`.
 * @throws BackupProblem
 */
export async function outlineOf(tar: AsyncIterable<Uint8Array>): Promise<BackupOutline> {
  const collections: BackedCollection[] = [];
  let opened = false;
  let end: Omit<BackupOutline, "collections"> | undefined;
  // The first file is looked at whatever its name: it tells whether this is a backup.
  const passesOver = (name: string) => opened && !name.startsWith("collections/") && name !== MANIFEST_NAME;
  for await (const { name, bytes } of readTar(tar, PART_BYTES_MAX, { transient: true, passesOver })) {
    if (!opened) {
      if (name !== OPENING_NAME)
        throw new BackupProblem("not-a-backup", "This file is not a backup that Ferry made.");
      parseOpening(bytes);
      opened = true;
    } else if (name === MANIFEST_NAME) {
      const manifestSha256 = createHash("sha256").update(bytes).digest("hex");
      end = { manifest: parseManifest(bytes), manifestSha256 };
    } else if (name.startsWith("collections/")) {
      for (const line of parseLines("collections", name, bytes)) collections.push(line);
    }
  }
  if (!end) throw new BackupProblem("incomplete", "The backup is not complete: its manifest is missing.");
  const listed = new Set(end.manifest.collections.map(({ id }) => id));
  if (listed.size !== collections.length || collections.some(({ id }) => !listed.has(id))) {
    throw damaged("its list of collections and its manifest do not agree");
  }
  return { ...end, collections };
}
