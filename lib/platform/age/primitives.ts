import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

/** Bytes of the key that everything in a file is derived from. */
export const FILE_KEY_BYTES = 16;
export const TAG_BYTES = 16;
const NO_BYTES = Buffer.alloc(0);
const ZERO_NONCE = Buffer.alloc(12);

export type RandomBytes = (size: number) => Buffer;

/** HKDF-SHA-256, 32 bytes. */
export function hkdf(key: Uint8Array, salt: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, info, 32));
}

/** Seals a file key with a key that is used once; hence the nonce of zeros where the type of recipient has no other. */
export function sealFileKey(key: Uint8Array, fileKey: Uint8Array, nonce: Uint8Array = ZERO_NONCE): Buffer {
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_BYTES });
  return Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when the key is not the one it was sealed with. */
export function openFileKey(
  key: Uint8Array,
  sealed: Uint8Array,
  nonce: Uint8Array = ZERO_NONCE,
): Buffer | undefined {
  const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(FILE_KEY_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, FILE_KEY_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

export function headerKey(fileKey: Uint8Array): Buffer {
  return hkdf(fileKey, NO_BYTES, "header");
}

export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return hkdf(fileKey, nonce, "payload");
}
