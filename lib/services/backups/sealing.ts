import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { derivedKey } from "@/lib/platform/env";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a small secret for the database with a key derived from APP_SECRET (AES-256-GCM).
 * @param place what it belongs to: moved to another row it no longer opens
 */
export function seal(secret: Uint8Array, place: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", derivedKey("backup-keys"), nonce).setAAD(Buffer.from(place));
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when it was sealed for another place, or under another APP_SECRET */
export function unseal(sealed: Uint8Array, place: string): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", derivedKey("backup-keys"), nonce).setAAD(
    Buffer.from(place),
  );
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
}
