import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";

/** Bytes of a key, secret or public. */
export const KEY_BYTES = 32;
/** What stands before the 32 bytes of a key in its DER form (RFC 8410). */
const PRIVATE_DER = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_DER = Buffer.from("302a300506032b656e032100", "hex");

export function privateKey(secret: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_DER, secret]), format: "der", type: "pkcs8" });
}

/** The public half of a secret key. */
export function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: "der", type: "spki" }).subarray(PUBLIC_DER.length);
}

/** Undefined for points of low order: what is agreed with them is zero, whoever asks (RFC 7748, section 6.1). */
export function agree(ours: KeyObject, theirs: Uint8Array): Buffer | undefined {
  const publicKey = createPublicKey({
    key: Buffer.concat([PUBLIC_DER, theirs]),
    format: "der",
    type: "spki",
  });
  try {
    const shared = diffieHellman({ privateKey: ours, publicKey });
    return shared.every((byte) => byte === 0) ? undefined : shared;
  } catch {
    return undefined;
  }
}
