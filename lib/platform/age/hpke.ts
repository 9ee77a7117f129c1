import { createHmac } from "node:crypto";

/** HPKE (RFC 9180) in its base mode, with HKDF-SHA-256 and ChaCha20-Poly1305, as far as one message needs it. */
const KDF_HKDF_SHA256 = 1;
const AEAD_CHACHA20_POLY1305 = 3;
const BASE_MODE = 0;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const NO_BYTES = Buffer.alloc(0);

/**
 * What the first message between two who share a secret is sealed with (`KeySchedule` of section 5.1).
 * @param kem number of the way in which the secret came to be shared
 * @param info what the message is for
 */
export function messageKey(
  kem: number,
  sharedSecret: Uint8Array,
  info: string,
): { key: Buffer; nonce: Buffer } {
  const suite = Buffer.concat([Buffer.from("HPKE"), numbers(kem, KDF_HKDF_SHA256, AEAD_CHACHA20_POLY1305)]);
  const context = Buffer.concat([
    Buffer.of(BASE_MODE),
    labeledExtract(suite, NO_BYTES, "psk_id_hash", NO_BYTES),
    labeledExtract(suite, NO_BYTES, "info_hash", Buffer.from(info, "latin1")),
  ]);
  const secret = labeledExtract(suite, sharedSecret, "secret", NO_BYTES);
  return {
    key: labeledExpand(suite, secret, "key", context, KEY_BYTES),
    nonce: labeledExpand(suite, secret, "base_nonce", context, NONCE_BYTES),
  };
}

function labeledExtract(suite: Buffer, salt: Uint8Array, label: string, input: Uint8Array): Buffer {
  return hmac(salt, labeled(suite, label, input));
}

/** At most 32 bytes, the first block of HKDF's output. */
function labeledExpand(suite: Buffer, key: Buffer, label: string, info: Buffer, size: number): Buffer {
  return hmac(key, numbers(size), labeled(suite, label, info), Buffer.of(1)).subarray(0, size);
}

function labeled(suite: Buffer, label: string, rest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from("HPKE-v1"), suite, Buffer.from(label, "latin1"), rest]);
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, at) => bytes.writeUInt16BE(value, 2 * at));
  return bytes;
}

function hmac(key: Uint8Array, ...parts: Uint8Array[]): Buffer {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
