import type { KeyObject } from "node:crypto";
import { decodeBase64, encodeBase64 } from "./base64";
import { decodeBech32, encodeBech32 } from "./bech32";
import { agree, KEY_BYTES, privateKey, publicBytes } from "./curve25519";
import { AgeError } from "./errors";
import type { Stanza } from "./header";
import { FILE_KEY_BYTES, hkdf, openFileKey, sealFileKey, TAG_BYTES, type RandomBytes } from "./primitives";
import type { Identity, Recipient } from "./recipients";

const TYPE = "X25519";
const INFO = "age-encryption.org/v1/X25519";
const RECIPIENT_PREFIX = "age";
const IDENTITY_PREFIX = "age-secret-key-";

/** A new identity: `AGE-SECRET-KEY-1…`. */
export function newX25519Identity(random: RandomBytes): string {
  return encodeBech32(IDENTITY_PREFIX, random(KEY_BYTES)).toUpperCase();
}

/** The recipient (`age1…`) of an identity. @throws Error when it is not one */
export function recipientOf(identity: string): string {
  return encodeBech32(RECIPIENT_PREFIX, publicBytes(privateKey(secretBytes(identity))));
}

/** @param recipient `age1…` @throws Error when it is not one */
export function x25519Recipient(recipient: string): Recipient {
  const theirs = keyBytes(recipient, RECIPIENT_PREFIX, recipient.toLowerCase());
  if (!theirs) throw new Error("This is not an X25519 recipient of age (age1…).");
  return {
    company: "classic",
    wrap(fileKey, random) {
      const ephemeral = privateKey(random(KEY_BYTES));
      const share = publicBytes(ephemeral);
      const shared = agree(ephemeral, theirs);
      if (!shared)
        return Promise.reject(new Error("This recipient's key is not one that can be agreed with."));
      const key = hkdf(shared, Buffer.concat([share, theirs]), INFO);
      return Promise.resolve({ args: [TYPE, encodeBase64(share)], body: sealFileKey(key, fileKey) });
    },
  };
}

/** @param identity `AGE-SECRET-KEY-1…` @throws Error when it is not one */
export function x25519Identity(identity: string): Identity {
  const secret = privateKey(secretBytes(identity));
  const ours = publicBytes(secret);
  return {
    // Inside the executor, so that what it throws is a rejection.
    unwrap: (stanzas) => new Promise((resolve) => resolve(openFirst(stanzas, secret, ours))),
  };
}

function openFirst(stanzas: readonly Stanza[], secret: KeyObject, ours: Buffer): Buffer | undefined {
  for (const stanza of stanzas) {
    const fileKey = stanza.args[0] === TYPE ? openStanza(stanza, secret, ours) : undefined;
    if (fileKey) return fileKey;
  }
  return undefined;
}

function openStanza({ args, body }: Stanza, secret: KeyObject, ours: Buffer): Buffer | undefined {
  const share = args.length === 2 ? decodeBase64(args[1]!) : undefined;
  if (share?.length !== KEY_BYTES || body.length !== FILE_KEY_BYTES + TAG_BYTES) throw malformed();
  const shared = agree(secret, share);
  if (!shared) throw malformed();
  return openFileKey(hkdf(shared, Buffer.concat([share, ours]), INFO), body);
}

function secretBytes(identity: string): Buffer {
  const bytes = keyBytes(identity, IDENTITY_PREFIX, identity.toUpperCase());
  if (!bytes) throw new Error("This is not an X25519 identity of age (AGE-SECRET-KEY-1…).");
  return bytes;
}

/** Identities are written in upper case and recipients in lower, so that nobody takes one for the other. */
function keyBytes(text: string, prefix: string, spelling: string): Buffer | undefined {
  const decoded = text === spelling ? decodeBech32(text) : undefined;
  return decoded?.prefix === prefix && decoded.bytes.length === KEY_BYTES ? decoded.bytes : undefined;
}

function malformed(): AgeError {
  return new AgeError(
    "header",
    "The header of the encrypted file is malformed: an X25519 recipient is wrong.",
  );
}
