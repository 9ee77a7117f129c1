/** Longer values hardly repeat. */
const BYTES_MAX = 62;
/** Of a slot: the length, then the bytes. */
const SLOT_BYTES = 64;
/** Powers of four, or none. */
const SLOTS_MIN = 16;
const SLOTS_MAX = 4096;

/**
 * Remembers short runs of bytes for a while: each has one place by its hash, and goes when another one takes it. Finding
 * one costs less than making a text of it. As large as it has to be: nothing for a column that is never asked about, at
 * most 256 KiB.
 */
export class SeenValues {
  private slots = new Uint8Array(0);
  private count = 0;
  private added = 0;

  has(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    const { slots } = this;
    if (length > BYTES_MAX || this.count === 0) return false;
    const at = this.placeOf(bytes, start, end);
    if (slots[at] !== length) return false;
    for (let i = 0; i < length; i++) if (slots[at + 1 + i] !== bytes[start + i]) return false;
    return true;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length > BYTES_MAX) return;
    if (++this.added > this.count && this.count < SLOTS_MAX) this.grow();
    const at = this.placeOf(bytes, start, end);
    this.slots[at] = length;
    this.slots.set(bytes.subarray(start, end), at + 1);
  }

  /** FNV-1a */
  private placeOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    return ((hash ^ (hash >>> 15)) & (this.count - 1)) * SLOT_BYTES;
  }

  /** What was remembered comes again. */
  private grow(): void {
    this.count = Math.max(SLOTS_MIN, 4 * this.count);
    this.slots = new Uint8Array(this.count * SLOT_BYTES);
    this.added = 0;
  }
}
