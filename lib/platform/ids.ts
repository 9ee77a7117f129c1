import { randomBytes } from "node:crypto";

/** The last id's millisecond, and the number that orders the ids within it. */
let lastMs = 0;
let sequence = 0;
const SEQUENCE_MAX = 0xfff;

/**
 * A new UUID of version 7 (RFC 9562, section 6.2, method 1): 48 bits of Unix milliseconds, a 12-bit counter that starts
 * somewhere in its lower half each millisecond, then 62 random bits. Time-ordered, so that B-tree indexes grow at their
 * right edge (random keys doubled the index cost of a load), and rising within a process also when many are made in
 * one millisecond, so that lists sorted by id show what was made first.
 */
export function newId(): string {
  const bytes = randomBytes(16);
  const now = Date.now();
  // A counter that runs over, or a clock set back, borrows from the future instead of breaking the order.
  if (now > lastMs) {
    lastMs = now;
    sequence = bytes.readUInt16BE(6) & (SEQUENCE_MAX >> 1);
  } else if (++sequence > SEQUENCE_MAX) {
    lastMs++;
    sequence = 0;
  }
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | sequence, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return format(bytes.toString("hex"));
}

/**
 * The first 96 bits of the ids of an import's records, as 24 hex digits + hyphens ("xxxxxxxx-xxxx-7xxx-xxxx-xxxx");
 * the last 32 bits are the row number, see `rowId`. 30 of the bits are random besides the counter and the time, so imports
 * do not collide.
 */
export function newIdPrefix(): string {
  return newId().slice(0, -8);
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
