import { findBackup, findChain, type BackupRow } from "@/db/queries/backups";
import type { RestoreRow } from "@/db/queries/restores";
import { checkChain, checkExpected } from "@/lib/core/backups/chain";
import { BackupProblem } from "@/lib/core/backups/errors";
import { outlineOf, type BackupOutline } from "@/lib/core/backups/outline";
import { gunzipped, readBackup, type ReadPiece } from "@/lib/core/backups/read";
import { decrypt, fileKeyIdentity } from "@/lib/platform/age/decrypt";
import type { Identity } from "@/lib/platform/age/recipients";
import { isStored, serverIdentities, type StoredBackup } from "@/lib/services/backups/open-file";
import { unseal } from "@/lib/services/backups/sealing";
import { oneAhead } from "./one-ahead";
import type { SystemContext } from "@/lib/services/context";
import { PermanentImportError } from "@/lib/services/imports/errors";
import { openUpload } from "@/lib/services/uploads/open-file";

/** One file of a backup: the only one, or a member of its chain. */
export interface SourceFile {
  /** Of the backup or the upload. */
  id: string;
  bytes(): AsyncIterable<Uint8Array>;
  identities: Identity[];
  /** What Ferry noted when it made the backup; undefined for uploaded files. */
  stored?: { row: StoredBackup; parent: BackupRow | undefined };
}

/** Where the key of one file is sealed for. */
export function fileKeyPlace(restoreId: string, fileId: string): string {
  return `restore-file-key/${restoreId}/${fileId}`;
}

/** The files of a restore: of a backup its chain, oldest first; uploads in the order in which they were named. */
export async function sourceFiles(ctx: SystemContext, row: RestoreRow): Promise<SourceFile[]> {
  const sealed = row.sealedFileKeys ?? {};
  const keyOf = (id: string): Identity[] =>
    sealed[id] ? [fileKeyIdentity(unseal(Buffer.from(sealed[id], "base64"), fileKeyPlace(row.id, id)))] : [];
  if (row.backupId === null) {
    const owner = { ...ctx, ownerId: row.ownerId };
    return await Promise.all(
      row.uploadIds.map(async (id) => {
        const upload = await openUpload(owner, id);
        return { id, bytes: () => upload.stream(), identities: keyOf(id) };
      }),
    );
  }
  const backup = await findBackup(ctx.db.sql, row.backupId, row.ownerId);
  if (!backup) throw new PermanentImportError({ code: "missing", message: "The backup has been removed." });
  const chain = await findChain(ctx.db.sql, backup.id);
  return await Promise.all(
    chain.map(async (link, position) => {
      if (!isStored(link)) {
        throw new PermanentImportError({ code: "missing", message: "The file of this backup is gone." });
      }
      const own = keyOf(link.id);
      const identities = own.length > 0 ? own : await serverIdentities(ctx, link);
      const bytes = () => ctx.storage.read(link.storage_key);
      return { id: link.id, bytes, identities, stored: { row: link, parent: chain[position - 1] } };
    }),
  );
}

/** What each file says of itself, oldest first. @throws BackupProblem when they are not one whole chain */
export async function outlineChain(
  files: readonly SourceFile[],
): Promise<{ file: SourceFile; outline: BackupOutline }[]> {
  const links: { file: SourceFile; outline: BackupOutline }[] = [];
  for (const file of files) {
    const outline = await outlineOf(gunzipped(decrypt(file.bytes(), file.identities)));
    compareWithNotes(file, outline);
    links.push({ file, outline });
  }
  const chain = files.every((file) => file.stored) ? links : inOrder(links);
  checkChain(chain.map(({ outline }) => outline));
  return chain;
}

/**
 * The pieces of a file, checked as they come; the last one is its manifest, which must be the one it had. A piece is to
 * be looked at only until the next one is asked for: that is being read meanwhile.
 */
export async function* checkedPieces(file: SourceFile, manifestSha256: string): AsyncGenerator<ReadPiece> {
  const tar = gunzipped(decrypt(file.bytes(), file.identities));
  for await (const piece of oneAhead(readBackup(tar, { records: "counted", transient: true }))) {
    if (piece.kind === "manifest") {
      compareWithNotes(file, piece);
      if (piece.manifestSha256 !== manifestSha256) {
        throw new BackupProblem("wrong-backup", "The file changed while it was read.");
      }
    }
    yield piece;
  }
}

function compareWithNotes(
  { stored }: SourceFile,
  { manifest, manifestSha256 }: Pick<BackupOutline, "manifest" | "manifestSha256">,
): void {
  if (!stored) return;
  const { row, parent } = stored;
  checkExpected(manifest, manifestSha256, {
    backupId: row.id,
    ownerId: row.owner_id,
    parent: parent ? { backupId: parent.id, manifestSha256: parent.manifest_sha256 ?? "" } : null,
    manifestSha256: row.manifest_sha256 ?? undefined,
  });
}

type Link = { file: SourceFile; outline: BackupOutline };

/** Uploaded files may come in any order. */
function inOrder(links: readonly Link[]): Link[] {
  const parents = new Set(links.map(({ outline }) => outline.manifest.parent?.backupId));
  const ends = links.filter(({ outline }) => !parents.has(outline.manifest.backupId));
  if (ends.length !== 1) {
    throw new BackupProblem(
      "chain-broken",
      "These files are not of one chain. Give the files of one backup: the full one and those that go on from it.",
    );
  }
  const chain = [ends[0]!];
  for (;;) {
    const { parent, snapshotAt } = chain[0]!.outline.manifest;
    if (parent === null) break;
    const before = links.find(({ outline }) => outline.manifest.backupId === parent.backupId);
    if (!before) {
      throw new PermanentImportError({
        code: "parent-missing",
        message: `The backup of ${snapshotAt.slice(0, 16).replace("T", " ")} UTC goes on from an earlier one that is not among the files. Add all files of its chain, from the full backup on.`,
      });
    }
    chain.unshift(before);
  }
  if (chain.length < links.length) {
    throw new BackupProblem("chain-broken", "One of these files does not belong to the chain of the others.");
  }
  return chain;
}
