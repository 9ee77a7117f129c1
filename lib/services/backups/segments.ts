import { countLines } from "@/lib/core/backups/lines";
import type { WrittenPart } from "@/lib/core/backups/write";

/** Bytes of a part: a tar says the size of each file before the file. */
const PART_BYTES = 4 * 1024 * 1024;

/** Cuts lines into parts of a few MiB, each ending with a whole line; at most one of them is in memory. */
export async function* segments(
  lines: AsyncIterable<Uint8Array>,
  of: Pick<WrittenPart, "kind" | "collectionId">,
): AsyncGenerator<WrittenPart> {
  let filling = Buffer.allocUnsafe(PART_BYTES);
  let held = 0;
  for await (const bytes of lines) {
    if (held + bytes.length > filling.length) {
      const whole = filling.lastIndexOf(0x0a, held - 1) + 1;
      if (held > 0 && whole > 0) {
        yield part(of, filling.subarray(0, whole));
        const rest = filling.subarray(whole, held);
        filling = Buffer.allocUnsafe(Math.max(PART_BYTES, rest.length + bytes.length));
        held = rest.copy(filling);
      }
      if (held + bytes.length > filling.length) {
        // One line is larger than a part.
        const larger = Buffer.allocUnsafe(2 * (held + bytes.length));
        filling.copy(larger, 0, 0, held);
        filling = larger;
      }
    }
    filling.set(bytes, held);
    held += bytes.length;
  }
  if (held > 0) yield part(of, filling.subarray(0, held));
}

function part(of: Pick<WrittenPart, "kind" | "collectionId">, bytes: Buffer): WrittenPart {
  return { ...of, count: countLines(bytes), bytes };
}
