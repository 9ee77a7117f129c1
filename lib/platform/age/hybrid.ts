import { createHash, type KeyObject } from "node:crypto";
import { decodeBase64, encodeBase64 } from "./base64";
import { decodeBech32 } from "./bech32";
import { agree, KEY_BYTES, privateKey, publicBytes } from "./curve25519";
import { AgeError } from "./errors";
import type { Stanza } from "./header";
import { messageKey } from "./hpke";
import { FILE_KEY_BYTES, openFileKey, sealFileKey, TAG_BYTES } from "./primitives";
import type { Identity, Recipient } from "./recipients";

/**
 * Post-quantum keys of age: ML-KEM-768 and X25519 together (X-Wing), so that a file stays closed as long as one of them
 * holds. The lattice is the package's, which is loaded with the first such key; everything else is node:crypto's.
 */
const TYPE = "mlkem768x25519";
const INFO = "age-encryption.org/mlkem768x25519";
const KEM_NUMBER = 0x647a;
const COMBINER_LABEL = Buffer.from("\\.//^\\", "latin1");
const RECIPIENT_PREFIX = "age1pq";
const IDENTITY_PREFIX = "age-secret-key-pq-";
const SEED_BYTES = 32;
const LATTICE_SEED_BYTES = 64;
const LATTICE_PUBLIC_BYTES = 1184;
const LATTICE_SHARE_BYTES = 1088;

const lattice = async () => (await import("@noble/post-quantum/ml-kem.js")).ml_kem768;
type Lattice = Awaited<ReturnType<typeof lattice>>;

/** Both secret keys that an identity's seed stands for. */
interface Secrets {
  lattice: Uint8Array;
  curve: KeyObject;
}

/** Whether a text is meant as one: it may still have a slip of the pen. */
export function looksLikeHybridRecipient(text: string): boolean {
  return text.toLowerCase().startsWith(`${RECIPIENT_PREFIX}1`);
}

/** Whether a text is meant as one: it may still have a slip of the pen. */
export function looksLikeHybridIdentity(text: string): boolean {
  return text.toLowerCase().startsWith(`${IDENTITY_PREFIX}1`);
}

/** @param recipient `age1pq1…` @throws Error when it is not one */
export function hybridRecipient(recipient: string): Recipient {
  const theirs = keyBytes(recipient, RECIPIENT_PREFIX, recipient.toLowerCase());
  if (theirs?.length !== LATTICE_PUBLIC_BYTES + KEY_BYTES) {
    throw new Error("This is not a post-quantum recipient of age (age1pq1…).");
  }
  const [latticeKey, curveKey] = split(theirs, LATTICE_PUBLIC_BYTES);
  return {
    company: "post-quantum",
    async wrap(fileKey, random) {
      // Refuses a key whose numbers are out of range (FIPS 203, section 7.2).
      const inner = (await lattice()).encapsulate(latticeKey, random(KEY_BYTES));
      const ephemeral = privateKey(random(KEY_BYTES));
      const curveShare = publicBytes(ephemeral);
      const agreed = agree(ephemeral, curveKey);
      if (!agreed) throw new Error("This recipient's key is not one that can be agreed with.");
      const { key, nonce } = keyOf(inner.sharedSecret, agreed, curveShare, curveKey);
      const share = Buffer.concat([inner.cipherText, curveShare]);
      return { args: [TYPE, encodeBase64(share)], body: sealFileKey(key, fileKey, nonce) };
    },
  };
}

/** @param identity `AGE-SECRET-KEY-PQ-1…` @throws Error when it is not one */
export function hybridIdentity(identity: string): Identity {
  const seed = keyBytes(identity, IDENTITY_PREFIX, identity.toUpperCase());
  if (seed?.length !== SEED_BYTES) {
    throw new Error("This is not a post-quantum identity of age (AGE-SECRET-KEY-PQ-1…).");
  }
  return {
    async unwrap(stanzas) {
      const ours = stanzas.filter(({ args }) => args[0] === TYPE);
      if (ours.length === 0) return undefined;
      const kem = await lattice();
      const secrets = secretsOf(kem, seed);
      for (const stanza of ours) {
        const fileKey = openStanza(kem, stanza, secrets);
        if (fileKey) return fileKey;
      }
      return undefined;
    },
  };
}

function openStanza(kem: Lattice, { args, body }: Stanza, secrets: Secrets): Buffer | undefined {
  const share = args.length === 2 ? decodeBase64(args[1]!) : undefined;
  if (share?.length !== LATTICE_SHARE_BYTES + KEY_BYTES || body.length !== FILE_KEY_BYTES + TAG_BYTES) {
    throw malformed();
  }
  const [latticeShare, curveShare] = split(share, LATTICE_SHARE_BYTES);
  const agreed = agree(secrets.curve, curveShare);
  if (!agreed) throw malformed();
  const inner = kem.decapsulate(latticeShare, secrets.lattice);
  const { key, nonce } = keyOf(inner, agreed, curveShare, publicBytes(secrets.curve));
  return openFileKey(key, body, nonce);
}

function secretsOf(kem: Lattice, seed: Buffer): Secrets {
  const bytes = createHash("shake256", { outputLength: LATTICE_SEED_BYTES + KEY_BYTES })
    .update(seed)
    .digest();
  const [latticeSeed, curveSeed] = split(bytes, LATTICE_SEED_BYTES);
  return { lattice: kem.keygen(latticeSeed).secretKey, curve: privateKey(curveSeed) };
}

/** X-Wing's combination of both secrets, and the key that HPKE makes of it. */
function keyOf(inner: Uint8Array, agreed: Buffer, curveShare: Buffer, curveKey: Buffer) {
  const hash = createHash("sha3-256");
  for (const part of [inner, agreed, curveShare, curveKey, COMBINER_LABEL]) hash.update(part);
  return messageKey(KEM_NUMBER, hash.digest(), INFO);
}

function split(bytes: Buffer, at: number): [Buffer, Buffer] {
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

/** Identities are written in upper case and recipients in lower, as those of every type of age. */
function keyBytes(text: string, prefix: string, spelling: string): Buffer | undefined {
  const decoded = text === spelling ? decodeBech32(text) : undefined;
  return decoded?.prefix === prefix ? decoded.bytes : undefined;
}

function malformed(): AgeError {
  return new AgeError(
    "header",
    "The header of the encrypted file is malformed: a post-quantum recipient is wrong.",
  );
}
