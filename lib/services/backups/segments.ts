import { countLines } from "@/lib/core/backups/lines";
import type { WrittenPart } from "@/lib/core/backups/write";

/** Bytes of a part: a tar says the size of each file before the file. */
const PART_BYTES = 4 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Cuts lines into parts of a few MiB, each ending with a whole line. The memory of a part is used again for the next but
 * one, as `WrittenPart` allows: fresh memory for each would keep the garbage collector busier than the cutting.
 */
export class Segments {
  private filling = Buffer.allocUnsafeSlow(PART_BYTES);
  /** That of the last part, which may still be worked on. */
  private given = Buffer.allocUnsafeSlow(PART_BYTES);

  async *cut(
    lines: AsyncIterable<Uint8Array>,
    of: Pick<WrittenPart, "kind" | "collectionId">,
  ): AsyncGenerator<WrittenPart> {
    let held = 0;
    for await (const bytes of lines) {
      const isFull = held > 0 && held + bytes.length > PART_BYTES;
      const whole = isFull ? this.filling.lastIndexOf(LINE_FEED, held - 1) + 1 : 0;
      if (whole > 0) {
        yield this.part(of, whole);
        held = this.swap(whole, held);
      }
      this.makeRoom(held, held + bytes.length);
      this.filling.set(bytes, held);
      held += bytes.length;
    }
    if (held === 0) return;
    yield this.part(of, held);
    this.swap(held, held);
  }

  private part(of: Pick<WrittenPart, "kind" | "collectionId">, size: number): WrittenPart {
    const bytes = this.filling.subarray(0, size);
    return { ...of, count: countLines(bytes), bytes };
  }

  /** Goes on in the other memory, with what follows the part; answers how much that is. */
  private swap(from: number, to: number): number {
    const next = this.given.length > PART_BYTES ? Buffer.allocUnsafeSlow(PART_BYTES) : this.given;
    this.given = this.filling;
    this.filling = next;
    this.makeRoom(0, to - from);
    return this.given.copy(this.filling, 0, from, to);
  }

  /** For a line that is larger than a part. */
  private makeRoom(held: number, wanted: number): void {
    if (wanted <= this.filling.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * wanted);
    this.filling.copy(larger, 0, 0, held);
    this.filling = larger;
  }
}
