import { createHmac } from "node:crypto";

/** Bytes of a block of SHA-256: a shorter HMAC key is filled up with zeros (RFC 2104). */
const BLOCK_BYTES = 64;
const PSEUDONYM_HEX_CHARS = 16;

/** "P-" and 64 bits of the text's HMAC-SHA-256: among a million texts, two alike are a matter of one in 40 million. */
export function pseudonym(text: string, key: Buffer): string {
  const hash = createHmac("sha256", key).update(text, "utf8").digest("hex");
  return `P-${hash.slice(0, PSEUDONYM_HEX_CHARS)}`;
}

/**
 * The key as whoever has only a plain SHA-256 needs it (db/bulk/export-values.ts): hex of the blocks that stand before
 * the inner and the outer message. `key` of at most 64 bytes.
 */
export function pseudonymHalves(key: Buffer): { inner: string; outer: string } {
  const block = Buffer.alloc(BLOCK_BYTES);
  key.copy(block);
  const mixed = (constant: number) => Buffer.from(block.map((byte) => byte ^ constant)).toString("hex");
  return { inner: mixed(0x36), outer: mixed(0x5c) };
}
