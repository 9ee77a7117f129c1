import { BackupProblem } from "./errors";
import type { BackupKind, BackupManifest, BackupParent } from "./manifest";

/** A backup that others may go on from. */
export interface ChainEnd extends BackupParent {
  /** 0 for a full one. */
  position: number;
}

/**
 * What a backup becomes that was asked for: an incremental one needs an end to go on from, and a chain has at most
 * `fullEvery` members.
 */
export function decideKind(asked: BackupKind, end: ChainEnd | undefined, fullEvery: number): BackupKind {
  return asked === "incremental" && end !== undefined && end.position + 1 < fullEvery
    ? "incremental"
    : "full";
}

/** What a backup that is read must be; what is left out is not known. */
export interface ExpectedBackup {
  backupId?: string;
  ownerId?: string;
  parent?: BackupParent | null;
  manifestSha256?: string;
}

/** @throws BackupProblem when a backup is whole, but not the one that should be here */
export function checkExpected(
  manifest: BackupManifest,
  manifestSha256: string,
  expected: ExpectedBackup,
): void {
  if (expected.ownerId !== undefined && manifest.ownerId !== expected.ownerId) {
    throw new BackupProblem("wrong-owner", "This is a backup of another account.");
  }
  if (expected.backupId !== undefined && manifest.backupId !== expected.backupId) {
    throw new BackupProblem("wrong-backup", "This is another backup than the one that should be here.");
  }
  if (expected.parent !== undefined && !sameParent(manifest.parent, expected.parent)) {
    throw new BackupProblem("wrong-parent", "This backup goes on from another one than it should.");
  }
  if (expected.manifestSha256 !== undefined && manifestSha256 !== expected.manifestSha256) {
    throw new BackupProblem(
      "wrong-backup",
      "The content of this backup is not what was written when it was made.",
    );
  }
}

/**
 * Whether these backups, oldest first, are a chain: a full one, then each going on from the one before it.
 * @throws BackupProblem naming the first that does not fit
 */
export function checkChain(links: readonly { manifest: BackupManifest; manifestSha256: string }[]): void {
  const [first] = links;
  if (first?.manifest.kind !== "full") {
    throw new BackupProblem(
      "chain-broken",
      "The chain does not begin with a full backup: an earlier one is missing.",
    );
  }
  for (const [at, { manifest }] of links.entries()) {
    const before = links[at - 1];
    if (manifest.ownerId !== first.manifest.ownerId) {
      throw new BackupProblem("wrong-owner", "The chain holds backups of two accounts.");
    }
    const parent = before && { backupId: before.manifest.backupId, manifestSha256: before.manifestSha256 };
    if (before && !sameParent(manifest.parent, parent ?? null)) {
      throw new BackupProblem(
        "chain-broken",
        `The backup of ${manifest.snapshotAt} does not go on from the one of ${before.manifest.snapshotAt}: ` +
          "one between them is missing, or they are of two chains.",
      );
    }
  }
}

function sameParent(a: BackupParent | null, b: BackupParent | null): boolean {
  return a?.backupId === b?.backupId && a?.manifestSha256 === b?.manifestSha256;
}
