import { ByteSource } from "./byte-source";
import { AgeError } from "./errors";
import { checkMac, headerLength, parseHeader, type Header } from "./header";
import { payloadKey } from "./primitives";
import type { Identity } from "./recipients";
import { isForPassphrase } from "./scrypt";
import { openStream } from "./stream";

const NONCE_BYTES = 16;

/**
 * The bytes that an age file holds, at flat memory. What is yielded is genuine; that it is the whole is certain at the
 * end.
 * @throws AgeError saying where it failed; before the first byte when no identity opens it
 */
export async function* decrypt(
  file: AsyncIterable<Uint8Array>,
  identities: readonly Identity[],
): AsyncGenerator<Buffer> {
  const source = new ByteSource(file);
  try {
    const fileKey = await unwrapFileKey(await readHeader(source), identities);
    while (source.held.length < NONCE_BYTES && (await source.more()));
    if (source.held.length < NONCE_BYTES) {
      throw new AgeError("header", "The encrypted file ends right after its header.");
    }
    const nonce = source.take(NONCE_BYTES);
    yield* openStream(source.rest(), payloadKey(fileKey, nonce));
  } finally {
    await source.close();
  }
}

/**
 * The file key, for which no more than the header is read; undefined when no identity opens it. It opens this one file
 * (`fileKeyIdentity`), and nothing else.
 * @throws AgeError as `decrypt` does
 */
export async function fileKeyOf(
  file: AsyncIterable<Uint8Array>,
  identities: readonly Identity[],
): Promise<Buffer | undefined> {
  const source = new ByteSource(file);
  try {
    return await unwrapFileKey(await readHeader(source), identities);
  } catch (error) {
    if (error instanceof AgeError && error.failure === "no-match") return undefined;
    throw error;
  } finally {
    await source.close();
  }
}

/** Opens the file whose key it is; the header's signature tells any other. */
export function fileKeyIdentity(fileKey: Buffer): Identity {
  return { unwrap: () => Promise.resolve(fileKey) };
}

async function readHeader(source: ByteSource): Promise<Header> {
  let length = headerLength(source.held);
  while (length === undefined && (await source.more())) length = headerLength(source.held);
  if (length === undefined) {
    throw new AgeError("header", "This is not a file that age encrypted, or it ends inside its header.");
  }
  return parseHeader(source.take(length));
}

async function unwrapFileKey(header: Header, identities: readonly Identity[]): Promise<Buffer> {
  isForPassphrase(header.stanzas);
  for (const identity of identities) {
    const fileKey = await identity.unwrap(header.stanzas);
    if (!fileKey) continue;
    checkMac(header, fileKey);
    return fileKey;
  }
  throw new AgeError("no-match", "None of the keys that were given opens this file.");
}
