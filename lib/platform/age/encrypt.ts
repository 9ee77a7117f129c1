import { randomBytes } from "node:crypto";
import { writeHeader } from "./header";
import { FILE_KEY_BYTES, payloadKey, type RandomBytes } from "./primitives";
import type { Recipient } from "./recipients";
import { sealStream } from "./stream";

const NONCE_BYTES = 16;

/** A header that is made, and the file key it wraps: whoever has both can write that one file and needs no passphrase. */
export interface PreparedHeader {
  header: Buffer;
  /** 16 bytes; as secret as the file. */
  fileKey: Buffer;
}

/**
 * The first half of encrypting: a fresh file key, wrapped for every recipient.
 * @param random for tests; of cryptographic quality otherwise
 * @throws Error when there is no recipient, or when some must not be recipients of one file
 */
export async function prepareHeader(
  recipients: readonly Recipient[],
  random: RandomBytes = randomBytes,
): Promise<PreparedHeader> {
  if (recipients.length === 0) throw new Error("An encrypted file needs a recipient.");
  if (recipients.length > 1 && recipients.some(({ company }) => company === "none")) {
    throw new Error("A passphrase must be the only recipient of its file.");
  }
  if (recipients.some(({ company }) => company !== recipients[0]!.company)) {
    throw new Error("A file for post-quantum keys must not be for other keys as well.");
  }
  const fileKey = random(FILE_KEY_BYTES);
  const stanzas = [];
  for (const recipient of recipients) stanzas.push(await recipient.wrap(fileKey, random));
  return { header: writeHeader(stanzas, fileKey), fileKey };
}

/**
 * The second half: an age file (age-encryption.org/v1) of these bytes, at flat memory. May be done again with the same
 * header: each time has a payload key of its own.
 */
export async function* encrypt(
  body: AsyncIterable<Uint8Array>,
  { header, fileKey }: PreparedHeader,
  random: RandomBytes = randomBytes,
): AsyncGenerator<Buffer> {
  const nonce = random(NONCE_BYTES);
  yield Buffer.concat([header, nonce]);
  yield* sealStream(body, payloadKey(fileKey, nonce));
}
