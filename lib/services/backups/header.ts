import type { BackupRow } from "@/db/queries/backups";
import type { CreateBackup } from "@/lib/contracts/backups";
import { prepareHeader, type PreparedHeader } from "@/lib/platform/age/encrypt";
import { recipientFrom } from "@/lib/platform/age/keys";
import type { Recipient } from "@/lib/platform/age/recipients";
import { scryptRecipient } from "@/lib/platform/age/scrypt";
import { x25519Recipient } from "@/lib/platform/age/x25519";
import { ValidationError } from "@/lib/platform/errors";
import { presentKey } from "@/lib/services/backups/keys";
import { seal, unseal } from "@/lib/services/backups/sealing";
import type { SystemContext } from "@/lib/services/context";

/** @throws ValidationError naming the recipients that are none, or that cannot be recipients of one file */
export async function checkRecipients(encryption: CreateBackup["encryption"]): Promise<void> {
  if (encryption.mode !== "recipients") return;
  const found = await Promise.all(encryption.recipients.map(usableRecipient));
  refuse(
    found.flatMap((recipient, at) => (recipient ? [] : [at])),
    "A recipient is the public key of an age identity: it begins with age1.",
    "not a recipient of age that a file can be encrypted to",
  );
  const classic = found.flatMap((recipient, at) => (recipient?.company === "classic" ? [at] : []));
  refuse(
    classic.length < found.length ? classic : [],
    "A backup for post-quantum keys (age1pq1…) must not be for other keys as well: it would be no safer than with those alone.",
    "not a post-quantum key, as others here are",
  );
}

/** A key can be well spelt and still be none: a trial is the proof. */
async function usableRecipient(text: string): Promise<Recipient | undefined> {
  try {
    const recipient = recipientFrom(text);
    await prepareHeader([recipient]);
    return recipient;
  } catch {
    return undefined;
  }
}

function refuse(positions: readonly number[], message: string, each: string): void {
  if (positions.length === 0) return;
  throw new ValidationError(
    message,
    positions.map((at) => ({ path: `encryption.recipients.${at}`, message: each })),
  );
}

/**
 * The passphrase ends here: it becomes the header of the file, and the file key that the header wraps is sealed for the
 * function that will write the file.
 */
export async function prepareForPassphrase(
  backupId: string,
  passphrase: string,
): Promise<{ header: Buffer; sealedFileKey: Buffer }> {
  const { header, fileKey } = await prepareHeader([scryptRecipient(passphrase)]);
  const sealedFileKey = seal(fileKey, fileKeyPlace(backupId));
  fileKey.fill(0);
  return { header, sealedFileKey };
}

/** What the file of a backup begins with. `keyId` is the server's key that opens it, if one does. */
export async function headerOf(
  ctx: SystemContext,
  row: BackupRow,
): Promise<PreparedHeader & { keyId: string | null }> {
  if (row.encryption.mode === "server") {
    const key = await presentKey(ctx, row.owner_id);
    return { ...(await prepareHeader([x25519Recipient(key.recipient)])), keyId: key.id };
  }
  if (row.encryption.mode === "recipients") {
    return { ...(await prepareHeader(row.encryption.recipients.map(recipientFrom))), keyId: null };
  }
  if (!row.prepared_header || !row.sealed_file_key) throw new Error("a passphrase's header is gone");
  const fileKey = unseal(row.sealed_file_key, fileKeyPlace(row.id));
  return { header: row.prepared_header, fileKey, keyId: null };
}

export function checkKeyPlace(backupId: string): string {
  return `backup-check-key/${backupId}`;
}

function fileKeyPlace(backupId: string): string {
  return `backup-file-key/${backupId}`;
}
