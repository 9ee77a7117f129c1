import type { BackupRow } from "@/db/queries/backups";
import type { CheckBackup } from "@/lib/contracts/backups";
import { checkExpected } from "@/lib/core/backups/chain";
import { gunzipped, readBackup, type ReadPiece } from "@/lib/core/backups/read";
import { decrypt, fileKeyOf } from "@/lib/platform/age/decrypt";
import { identityFrom } from "@/lib/platform/age/keys";
import type { Identity } from "@/lib/platform/age/recipients";
import { scryptIdentity } from "@/lib/platform/age/scrypt";
import { x25519Identity } from "@/lib/platform/age/x25519";
import { AppError, ValidationError } from "@/lib/platform/errors";
import { keptKeys } from "@/lib/services/backups/keys";
import type { SystemContext } from "@/lib/services/context";

/** A backup whose file is there. */
export type StoredBackup = BackupRow & { storage_key: string; size_bytes: number; sha256: string };

export function isStored(row: BackupRow): row is StoredBackup {
  return (
    row.state === "completed" && row.storage_key !== null && row.size_bytes !== null && row.sha256 !== null
  );
}

/** The keys that Ferry itself has for a backup. */
export async function serverIdentities(ctx: SystemContext, row: BackupRow): Promise<Identity[]> {
  if (row.encryption.mode !== "server") return [];
  return (await keptKeys(ctx, row.owner_id)).map((key) => x25519Identity(key.identity));
}

/**
 * The file key of a backup, from what its owner gave; undefined when they gave nothing. Reads the file's header only.
 * @throws AppError `wrong-key` before any work
 */
export async function fileKeyFrom(
  ctx: SystemContext,
  row: StoredBackup,
  given: CheckBackup,
): Promise<Buffer | undefined> {
  const identities = givenIdentities(given);
  if (identities.length === 0) return undefined;
  const fileKey = await fileKeyOf(ctx.storage.read(row.storage_key), identities);
  if (fileKey) return fileKey;
  throw wrongKey(given);
}

/** What a person gave to open a backup with. @throws ValidationError when it is no identity */
export function givenIdentities(given: CheckBackup): Identity[] {
  const identities: Identity[] = [];
  if (given.passphrase !== undefined) identities.push(scryptIdentity(given.passphrase));
  if (given.identity !== undefined) identities.push(identityOf(given.identity));
  return identities;
}

export function wrongKey(given: CheckBackup): AppError {
  return new AppError(
    403,
    "wrong-key",
    given.passphrase === undefined
      ? "This key does not open the backup: it was encrypted to another one."
      : "This passphrase does not open the backup.",
  );
}

/** Whether a passphrase opens the file of a backup. */
export async function opensWith(ctx: SystemContext, row: StoredBackup, passphrase: string): Promise<boolean> {
  return (await fileKeyOf(ctx.storage.read(row.storage_key), [scryptIdentity(passphrase)])) !== undefined;
}

/**
 * The pieces of a stored backup, decrypted and checked as they come; the last one is its manifest, compared with
 * everything before it and with what was noted when the backup was made.
 * @throws BackupProblem, AgeError, ObjectMissingError, ObjectDamagedError
 */
export async function* openBackup(
  ctx: SystemContext,
  row: StoredBackup,
  parent: BackupRow | undefined,
  identities: readonly Identity[],
  watch: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> = (bytes) => bytes,
): AsyncGenerator<ReadPiece> {
  const file = watch(ctx.storage.read(row.storage_key));
  for await (const piece of readBackup(gunzipped(decrypt(file, identities)))) {
    if (piece.kind === "manifest") {
      checkExpected(piece.manifest, piece.manifestSha256, {
        backupId: row.id,
        ownerId: row.owner_id,
        parent: parent ? { backupId: parent.id, manifestSha256: parent.manifest_sha256 ?? "" } : null,
        manifestSha256: row.manifest_sha256 ?? undefined,
      });
    }
    yield piece;
  }
}

function identityOf(text: string): Identity {
  try {
    return identityFrom(text.trim());
  } catch {
    throw new ValidationError(
      "An identity of age begins with AGE-SECRET-KEY-1 or, for post-quantum keys, AGE-SECRET-KEY-PQ-1.",
      [{ path: "identity", message: "not an identity of age" }],
    );
  }
}
