import { createCipheriv, createDecipheriv } from "node:crypto";
import { AgeError } from "./errors";
import { TAG_BYTES } from "./primitives";

/** Bytes of plain text that are sealed together (STREAM of Hoang, Reyhanitabar, Rogaway and Vizár). */
const CHUNK_BYTES = 64 * 1024;
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Seals a payload chunk by chunk: the memory of two chunks, whatever the size. */
export async function* sealStream(body: AsyncIterable<Uint8Array>, key: Buffer): AsyncGenerator<Buffer> {
  let index = 0;
  for await (const { chunk, last } of chunksOf(body, CHUNK_BYTES)) {
    const cipher = createCipheriv("chacha20-poly1305", key, nonceOf(index++, last), {
      authTagLength: TAG_BYTES,
    });
    const sealed = Buffer.allocUnsafe(chunk.length + TAG_BYTES);
    cipher.update(chunk).copy(sealed);
    cipher.final();
    cipher.getAuthTag().copy(sealed, chunk.length);
    yield sealed;
  }
}

/**
 * Opens a payload. Every piece that is yielded is genuine and in its place; that it is the whole is certain only at the
 * end.
 * @throws AgeError when a chunk is damaged, missing, too many or in the wrong place
 */
export async function* openStream(body: AsyncIterable<Uint8Array>, key: Buffer): AsyncGenerator<Buffer> {
  let index = 0;
  for await (const { chunk, last } of chunksOf(body, SEALED_BYTES)) {
    if (chunk.length < TAG_BYTES) throw damaged("it ends too early");
    const plain = openChunk(chunk, key, index, last);
    // Genuine, but with something after it that is not, or without its end: it is given out, as other programs do.
    const misplaced = plain || chunk.length < SEALED_BYTES ? undefined : openChunk(chunk, key, index, !last);
    if (misplaced) yield misplaced;
    if (misplaced) throw damaged(last ? "its end is missing" : "something follows its end");
    if (!plain)
      throw damaged(`it was changed or cut short after byte ${index * SEALED_BYTES} of its content`);
    if (plain.length === 0 && index > 0) throw damaged("its last part is empty");
    if (plain.length > 0) yield plain;
    index++;
  }
}

/** Undefined when the chunk is not what was sealed in this place. */
function openChunk(chunk: Buffer, key: Buffer, index: number, last: boolean): Buffer | undefined {
  const size = chunk.length - TAG_BYTES;
  const decipher = createDecipheriv("chacha20-poly1305", key, nonceOf(index, last), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(chunk.subarray(size));
  const plain = decipher.update(chunk.subarray(0, size));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/**
 * Bytes in pieces of one size, of which the last may be shorter, or empty when there are no bytes at all. All are in one
 * memory: a piece is to be looked at only until the next one is asked for.
 */
async function* chunksOf(
  body: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ chunk: Buffer; last: boolean }> {
  const filling = Buffer.allocUnsafeSlow(size);
  let held = 0;
  for await (const bytes of body) {
    for (let at = 0; at < bytes.length;) {
      // A full chunk is given away only once there is more: the last one is marked.
      if (held === size) {
        yield { chunk: filling, last: false };
        held = 0;
      }
      const taken = Math.min(size - held, bytes.length - at);
      filling.set(bytes.subarray(at, at + taken), held);
      held += taken;
      at += taken;
    }
  }
  yield { chunk: filling.subarray(0, held), last: true };
}

/** 11 bytes of counter, then 1 in the last chunk. A counter of 2^53 chunks is far beyond any file. */
function nonceOf(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(Math.floor(index / 2 ** 32), 3);
  nonce.writeUInt32BE(index % 2 ** 32, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function damaged(reason: string): AgeError {
  return new AgeError("payload", `The encrypted file is damaged: ${reason}.`);
}
