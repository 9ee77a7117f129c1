import type { BackupRow } from "@/db/queries/backups";
import type { CreateBackup } from "@/lib/contracts/backups";
import { prepareHeader, type PreparedHeader } from "@/lib/platform/age/encrypt";
import { scryptRecipient } from "@/lib/platform/age/scrypt";
import { isX25519Recipient, x25519Recipient } from "@/lib/platform/age/x25519";
import { ValidationError } from "@/lib/platform/errors";
import { presentKey } from "@/lib/services/backups/keys";
import { seal, unseal } from "@/lib/services/backups/sealing";
import type { SystemContext } from "@/lib/services/context";

/** @throws ValidationError naming the recipients that are none */
export function checkRecipients(encryption: CreateBackup["encryption"]): void {
  if (encryption.mode !== "recipients") return;
  const wrong = encryption.recipients.flatMap((text, at) => (isX25519Recipient(text) ? [] : [at]));
  if (wrong.length === 0) return;
  throw new ValidationError(
    "A recipient is the public key of an age identity: it begins with age1.",
    wrong.map((at) => ({ path: `encryption.recipients.${at}`, message: "not an X25519 recipient of age" })),
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
    return { ...(await prepareHeader(row.encryption.recipients.map(x25519Recipient))), keyId: null };
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
