import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import * as vectors from "cctv-age";
import { describe, expect, it } from "vitest";
import { dearmor } from "@/lib/platform/age/armor";
import { decrypt } from "@/lib/platform/age/decrypt";
import { AgeError, type AgeFailure } from "@/lib/platform/age/errors";
import type { Identity } from "@/lib/platform/age/recipients";
import { scryptIdentity } from "@/lib/platform/age/scrypt";
import { x25519Identity } from "@/lib/platform/age/x25519";

/** The vectors of C2SP/CCTV, which every implementation of age is held against. */
interface Vector {
  expect: string;
  payload: string | undefined;
  identities: string[];
  passphrases: string[];
  armored: boolean;
  file: Buffer;
}

const FAILURES: Record<string, AgeFailure> = {
  "no match": "no-match",
  "HMAC failure": "mac",
  "header failure": "header",
  "payload failure": "payload",
  "armor failure": "armor",
};
/** Post-quantum keys, which this implementation does not have. */
const POST_QUANTUM = "AGE-SECRET-KEY-PQ-1";

function parse(bytes: Uint8Array): Vector {
  const whole = Buffer.from(bytes);
  const split = whole.indexOf("\n\n");
  const entries = whole
    .toString("utf8", 0, split)
    .split("\n")
    .map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)] as const);
  const all = (name: string) => entries.filter(([key]) => key === name).map(([, value]) => value);
  const body = whole.subarray(split + 2);
  return {
    expect: all("expect")[0]!,
    payload: all("payload")[0],
    identities: all("identity"),
    passphrases: all("passphrase"),
    armored: all("armored")[0] === "yes",
    file: all("compressed")[0] === "zlib" ? inflateSync(body) : body,
  };
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** How it ended, and the hash of what came out before. */
async function open(vector: Vector, identities: Identity[], pieceBytes: number) {
  const hash = createHash("sha256");
  const bytes = inPieces(vector.file, pieceBytes);
  try {
    for await (const plain of decrypt(vector.armored ? dearmor(bytes) : bytes, identities))
      hash.update(plain);
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    return { failure: error.failure, payload: hash.digest("hex") };
  }
  return { failure: undefined, payload: hash.digest("hex") };
}

describe("the age vectors of C2SP", () => {
  const all = Object.entries(vectors as unknown as Record<string, Uint8Array>)
    .filter(([, bytes]) => bytes instanceof Uint8Array)
    .map(([name, bytes]) => [name, parse(bytes)] as const);
  const isPostQuantum = (vector: Vector) => vector.identities.some((key) => key.startsWith(POST_QUANTUM));

  it("are all here", () => {
    expect(all.length).toBe(143);
    expect(all.filter(([, vector]) => isPostQuantum(vector)).map(([name]) => name)).toHaveLength(19);
  });

  it.each(all.filter(([, vector]) => !isPostQuantum(vector)))("%s ends as it says", async (_, vector) => {
    const identities = [
      ...vector.identities.map(x25519Identity),
      ...vector.passphrases.map((text) => scryptIdentity(text)),
    ];
    const pieceBytes = vector.file.length > 100_000 ? 50_021 : 7;
    const { failure, payload } = await open(vector, identities, pieceBytes);
    expect(failure).toBe(vector.expect === "success" ? undefined : FAILURES[vector.expect]);
    if (vector.payload !== undefined) expect(payload).toBe(vector.payload);
  });

  it.each(all.filter(([, vector]) => isPostQuantum(vector)))(
    "%s is for a key of an unknown type: refused, and nothing comes out",
    async (_, vector) => {
      for (const key of vector.identities.filter((text) => text.startsWith(POST_QUANTUM))) {
        expect(() => x25519Identity(key)).toThrow(/not an X25519 identity/);
      }
      const known = vector.identities.filter((text) => !text.startsWith(POST_QUANTUM)).map(x25519Identity);
      const { failure, payload } = await open(vector, known, 4096);
      expect(failure === "no-match" || failure === "header").toBe(true);
      // What is malformed in a stanza of an unknown type cannot be seen; what is so in the header must be.
      if (vector.expect === "no match") expect(failure).toBe("no-match");
      expect(payload).toBe(createHash("sha256").digest("hex"));
    },
  );
});
