import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import * as vectors from "cctv-age";
import { describe, expect, it } from "vitest";
import { dearmor } from "@/lib/platform/age/armor";
import { decrypt } from "@/lib/platform/age/decrypt";
import { AgeError, type AgeFailure } from "@/lib/platform/age/errors";
import { identityFrom } from "@/lib/platform/age/keys";
import type { Identity } from "@/lib/platform/age/recipients";
import { scryptIdentity } from "@/lib/platform/age/scrypt";

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

  it("are all here, those for post-quantum keys included", () => {
    expect(all.length).toBe(143);
    const postQuantum = ([, { identities }]: (typeof all)[number]) =>
      identities.some((key) => key.startsWith("AGE-SECRET-KEY-PQ-1"));
    expect(all.filter(postQuantum)).toHaveLength(19);
  });

  it.each(all)("%s ends as it says", async (_, vector) => {
    const identities = [
      ...vector.identities.map(identityFrom),
      ...vector.passphrases.map((text) => scryptIdentity(text)),
    ];
    const pieceBytes = vector.file.length > 100_000 ? 50_021 : 7;
    const { failure, payload } = await open(vector, identities, pieceBytes);
    expect(failure).toBe(vector.expect === "success" ? undefined : FAILURES[vector.expect]);
    if (vector.payload !== undefined) expect(payload).toBe(vector.payload);
  });
});
