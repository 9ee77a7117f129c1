import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { cutIntoPieces } from "@/lib/storage/wrappers/pieces";
import { ObjectDamagedError, ObjectMissingError, type Store } from "@/lib/storage/store";

/*
 * An object at rest is a header (8 bytes magic and version, 32 bytes salt), then the plaintext in pieces of 64 KiB,
 * each sealed with AES-256-GCM and followed by its tag. Every object has its own key: HKDF-SHA-256 of the store's key
 * with the salt, bound to the object's name, so that one object cannot be passed off as another.
 *
 * The nonce of a piece is its number (11 bytes, big-endian) and a byte that is 1 for the last piece only: the STREAM
 * construction of Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
 * Misuse-Resistance" (CRYPTO 2015), as the age format uses it. Pieces can therefore not be changed, moved, left out or
 * cut off unnoticed, and any of them can be opened without the others, which is what makes ranges cheap.
 */
const MAGIC = Buffer.from("FERRYOB1", "latin1");
const SALT_BYTES = 32;
const HEADER_BYTES = MAGIC.length + SALT_BYTES;
const TAG_BYTES = 16;
const PIECE_BYTES = 64 * 1024;
const SEALED_PIECE_BYTES = PIECE_BYTES + TAG_BYTES;
const INFO = "ferry/object/v1/";

/** Encrypts what `inner` holds. `key` is 32 bytes; whoever holds it and the inner store can read everything. */
export function encryptedStore(inner: Store, key: Buffer): Store {
  const objectKey = (name: string, salt: Uint8Array) =>
    Buffer.from(hkdfSync("sha256", key, salt, INFO + name, 32));

  return {
    async put(name, body) {
      const salt = randomBytes(SALT_BYTES);
      const sizes = { plain: 0 };
      await inner.put(name, seal(objectKey(name, salt), salt, body, sizes));
      return { sizeBytes: sizes.plain };
    },

    async *read(name, { start = 0, end = Number.MAX_SAFE_INTEGER } = {}) {
      const sealed = await inner.stat(name);
      if (!sealed) throw new ObjectMissingError(name);
      const shape = shapeOf(name, sealed.sizeBytes);
      const from = Math.min(Math.max(0, start), shape.sizeBytes);
      const to = Math.min(Math.max(from, end), shape.sizeBytes);
      // An empty range still opens one piece, so that a reader of nothing is told of damage like any other.
      const first = Math.min(Math.floor(from / PIECE_BYTES), shape.pieces - 1);
      const last = Math.max(first, Math.ceil(to / PIECE_BYTES) - 1);
      const fileKey = objectKey(name, await readSalt(inner, name));
      const bytes = inner.read(name, {
        start: HEADER_BYTES + first * SEALED_PIECE_BYTES,
        end: Math.min(HEADER_BYTES + (last + 1) * SEALED_PIECE_BYTES, sealed.sizeBytes),
      });
      let number = first;
      for await (const piece of cutIntoPieces(bytes, SEALED_PIECE_BYTES)) {
        const plain = openPiece(name, fileKey, number, number === shape.pieces - 1, piece);
        const base = number * PIECE_BYTES;
        const slice = plain.subarray(
          Math.max(0, from - base),
          Math.max(0, Math.min(plain.length, to - base)),
        );
        if (slice.length > 0) yield slice;
        number++;
      }
      if (number !== last + 1) throw new ObjectDamagedError(name, "it became shorter while it was read");
    },

    async stat(name) {
      const sealed = await inner.stat(name);
      return sealed && { sizeBytes: shapeOf(name, sealed.sizeBytes).sizeBytes };
    },

    delete: (name) => inner.delete(name),
    list: (prefix) => inner.list(prefix),
    removeDrafts: (before) => inner.removeDrafts(before),
    // What clients write past Ferry cannot be sealed by it; whoever takes it in does that.
    incoming: inner.incoming,
  };
}

async function* seal(
  key: Buffer,
  salt: Buffer,
  body: AsyncIterable<Uint8Array>,
  sizes: { plain: number },
): AsyncIterable<Uint8Array> {
  yield Buffer.concat([MAGIC, salt]);
  let number = 0;
  // One piece is held back: only when the next one comes is it known not to be the last.
  let held: Uint8Array | undefined;
  for await (const piece of cutIntoPieces(body, PIECE_BYTES)) {
    sizes.plain += piece.length;
    if (held) yield sealPiece(key, number++, false, held);
    held = piece;
  }
  yield sealPiece(key, number, true, held ?? new Uint8Array(0));
}

function sealPiece(key: Buffer, number: number, isLast: boolean, plain: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(number, isLast));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openPiece(name: string, key: Buffer, number: number, isLast: boolean, sealed: Uint8Array): Buffer {
  if (sealed.length < TAG_BYTES) throw new ObjectDamagedError(name, "it is cut off");
  const split = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(number, isLast), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(split));
  const plain = decipher.update(sealed.subarray(0, split));
  try {
    decipher.final();
  } catch {
    throw new ObjectDamagedError(name, `its bytes from ${number * PIECE_BYTES} on are not what was stored`);
  }
  return plain;
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Size of the plaintext and number of pieces; only the whole of an empty object is an empty piece. */
function shapeOf(name: string, sealedBytes: number): { sizeBytes: number; pieces: number } {
  const body = sealedBytes - HEADER_BYTES;
  const pieces = Math.ceil(body / SEALED_PIECE_BYTES);
  const sizeBytes = body - pieces * TAG_BYTES;
  const lastBytes = body - (pieces - 1) * SEALED_PIECE_BYTES;
  if (body < TAG_BYTES || lastBytes < TAG_BYTES || (pieces > 1 && lastBytes === TAG_BYTES)) {
    throw new ObjectDamagedError(name, "it is cut off");
  }
  return { sizeBytes, pieces };
}

async function readSalt(inner: Store, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of inner.read(name, { start: 0, end: HEADER_BYTES })) parts.push(chunk);
  const header = Buffer.concat(parts);
  if (header.length !== HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new ObjectDamagedError(name, "its header is not one of Ferry's");
  }
  return header.subarray(MAGIC.length);
}
