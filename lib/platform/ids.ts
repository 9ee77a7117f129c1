import { randomBytes } from "node:crypto";

/**
 * A new UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. Time-ordered, so that B-tree
 * indexes grow at their right edge (random keys doubled the index cost of a load).
 */
export function newId(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return format(bytes.toString("hex"));
}

/**
 * The first 96 bits of the ids of an import's records, as 24 hex digits + hyphens ("xxxxxxxx-xxxx-7xxx-xxxx-xxxx");
 * the last 32 bits are the row number, see `rowId`. 42 of the bits are random, so imports do not collide.
 */
export function newIdPrefix(now: number = Date.now()): string {
  return newId(now).slice(0, -8);
}

/** The id of the record that row `rowNumber` (1…2^32−1) of an import becomes. */
export function rowId(prefix: string, rowNumber: number): string {
  return prefix + rowNumber.toString(16).padStart(8, "0");
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

function format(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
