import type { ByteSource } from "../types";

/** What detection looks at again and again. */
const HEAD_BYTES = 1 << 20;

interface Cursor {
  pieces: AsyncGenerator<Buffer, void>;
  position: number;
  /** Bytes at `position` that were unpacked and not given. */
  rest: Buffer;
}

/**
 * Packed bytes as a source of ranges. They can only be unpacked from the beginning: the last reader's place is kept, so
 * that ranges asked for in rising order, as detection does, cost one pass in all; a range before it begins anew. The
 * beginning stays in memory.
 */
export function forwardSource(size: number, unpack: () => AsyncGenerator<Buffer, void>): ByteSource {
  let idle: Cursor | undefined;
  let head: Buffer | undefined;

  async function headBytes(): Promise<Buffer> {
    if (head) return head;
    const pieces: Buffer[] = [];
    for await (const piece of streamFrom(0, Math.min(size, HEAD_BYTES))) pieces.push(piece);
    return (head = Buffer.concat(pieces));
  }

  /** `end` undefined = until there is no more: then checksums are compared, and what is damaged is said. */
  async function* streamFrom(start: number, end?: number): AsyncGenerator<Buffer, void> {
    const kept = idle;
    idle = undefined;
    const fits = kept !== undefined && kept.position <= start;
    if (kept && !fits) await kept.pieces.return();
    const cursor = fits ? kept : { pieces: unpack(), position: 0, rest: Buffer.alloc(0) };
    let broken = true;
    try {
      while (end === undefined || cursor.position < end) {
        if (cursor.rest.length === 0) {
          const next = await cursor.pieces.next();
          if (next.done) break;
          cursor.rest = next.value;
        }
        const from = Math.max(0, start - cursor.position);
        const to = Math.min(cursor.rest.length, (end ?? Infinity) - cursor.position);
        const piece = from < to ? cursor.rest.subarray(from, to) : undefined;
        cursor.position += to;
        cursor.rest = cursor.rest.subarray(to);
        broken = false;
        if (piece) yield piece;
        broken = true;
      }
      broken = false;
    } finally {
      // A reader that has seen enough leaves its place; one that met an error has none.
      if (broken || idle) await cursor.pieces.return();
      else idle = cursor;
    }
  }

  return {
    size,
    async *stream(start = 0, end) {
      if (end !== undefined && end <= Math.min(size, HEAD_BYTES)) {
        const bytes = await headBytes();
        if (end <= bytes.length) {
          if (start < end) yield bytes.subarray(start, end);
          return;
        }
      }
      yield* streamFrom(start, end);
    },
  };
}
