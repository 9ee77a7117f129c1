import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeBech32, encodeBech32 } from "@/lib/platform/age/bech32";
import { decrypt, fileKeyIdentity, fileKeyOf } from "@/lib/platform/age/decrypt";
import { encrypt, prepareHeader } from "@/lib/platform/age/encrypt";
import { identityFrom, recipientFrom } from "@/lib/platform/age/keys";
import type { Identity, Recipient } from "@/lib/platform/age/recipients";
import { scryptIdentity, scryptRecipient } from "@/lib/platform/age/scrypt";
import { newX25519Identity, recipientOf, x25519Identity, x25519Recipient } from "@/lib/platform/age/x25519";

const CHUNK = 64 * 1024;
const SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 300_000];

async function* pieces(bytes: Uint8Array, size = 10_007): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

const seal = async (plain: Uint8Array, ...recipients: Recipient[]) =>
  collect(encrypt(pieces(plain), await prepareHeader(recipients)));
const open = (file: Uint8Array, ...identities: Identity[]) => collect(decrypt(pieces(file), identities));

describe("age between implementations", () => {
  it.each(SIZES)("what Ferry encrypts, the npm implementation opens: %i bytes", async (size) => {
    const identity = await generateX25519Identity();
    const plain = randomBytes(size);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const file = await seal(plain, x25519Recipient(await identityToRecipient(identity)));
    expect(Buffer.from(await decrypter.decrypt(file)).equals(plain)).toBe(true);
  });

  it.each(SIZES)("what the npm implementation encrypts, Ferry opens: %i bytes", async (size) => {
    const identity = newX25519Identity(randomBytes);
    const plain = randomBytes(size);
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipientOf(identity));
    const file = await encrypter.encrypt(plain);
    expect((await open(file, x25519Identity(identity))).equals(plain)).toBe(true);
  });

  it("a passphrase opens files both ways", async () => {
    const plain = Buffer.from("the road out");
    const passphrase = "mật khẩu 비밀 🔑";
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    const ours = await seal(plain, scryptRecipient(passphrase, { logN: 10 }));
    expect(Buffer.from(await decrypter.decrypt(ours)).equals(plain)).toBe(true);
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(10);
    encrypter.setPassphrase(passphrase);
    expect((await open(await encrypter.encrypt(plain), scryptIdentity(passphrase))).equals(plain)).toBe(true);
  });

  it("any of several recipients opens a file", async () => {
    const identities = [1, 2, 3].map(() => newX25519Identity(randomBytes));
    const file = await seal(
      Buffer.from("for three"),
      ...identities.map((i) => x25519Recipient(recipientOf(i))),
    );
    for (const identity of identities)
      expect((await open(file, x25519Identity(identity))).toString()).toBe("for three");
  });

  it("opening inverts sealing, whatever the bytes and however they come in", async () => {
    const identity = newX25519Identity(randomBytes);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3 * CHUNK, size: "max" }),
        fc.integer({ min: 1, max: 200_000 }),
        async (plain, size) => {
          const header = await prepareHeader([x25519Recipient(recipientOf(identity))]);
          const file = await collect(encrypt(pieces(plain, size), header));
          const back = await collect(decrypt(pieces(file, size), [x25519Identity(identity)]));
          expect(back.equals(plain)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is the same file for the same random bytes", async () => {
    const fixed = (size: number) => createHash("shake256", { outputLength: size }).update("seed").digest();
    const make = async () => {
      const header = await prepareHeader([x25519Recipient(recipientOf(newX25519Identity(fixed)))], fixed);
      return collect(encrypt(pieces(Buffer.from("text")), header, fixed));
    };
    expect((await make()).equals(await make())).toBe(true);
  });

  it("tells a wrong key from the header alone", async () => {
    const [mine, other] = [newX25519Identity(randomBytes), newX25519Identity(randomBytes)];
    const file = await seal(randomBytes(500_000), x25519Recipient(recipientOf(mine)));
    const start = file.subarray(0, 400);
    const fileKey = await fileKeyOf(pieces(start), [x25519Identity(mine)]);
    expect(await fileKeyOf(pieces(start), [x25519Identity(other)])).toBeUndefined();
    await expect(fileKeyOf(pieces(Buffer.from("PK\u0003\u0004")), [])).rejects.toThrow(/not a file that age/);
    expect((await open(file, fileKeyIdentity(fileKey!))).length).toBe(500_000);
    await expect(open(file, fileKeyIdentity(randomBytes(16)))).rejects.toThrow(
      /header .* changed or is damaged/,
    );
  });

  it("refuses a passphrase beside other recipients, and keys with a slip of the pen", async () => {
    const identity = newX25519Identity(randomBytes);
    const both = [x25519Recipient(recipientOf(identity)), scryptRecipient("x", { logN: 1 })];
    await expect(prepareHeader(both)).rejects.toThrow(/only recipient/);
    await expect(prepareHeader([])).rejects.toThrow(/needs a recipient/);
    const slip = recipientOf(identity).replace(/.$/, (last) => (last === "q" ? "p" : "q"));
    expect(() => x25519Recipient(slip)).toThrow(/not an X25519 recipient/);
    expect(() => x25519Recipient(identity)).toThrow(/not an X25519 recipient/);
    expect(() => x25519Identity(recipientOf(identity))).toThrow(/not an X25519 identity/);
  });
});

describe("age with post-quantum keys", () => {
  it.each(SIZES)("what Ferry encrypts, the npm implementation opens: %i bytes", async (size) => {
    const identity = await generateHybridIdentity();
    const plain = randomBytes(size);
    const file = await seal(plain, recipientFrom(await identityToRecipient(identity)));
    expect(Buffer.from(await openWithPackage(identity, file)).equals(plain)).toBe(true);
  });

  it.each(SIZES)("what the npm implementation encrypts, Ferry opens: %i bytes", async (size) => {
    const identity = await generateHybridIdentity();
    const plain = randomBytes(size);
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const file = await encrypter.encrypt(plain);
    expect((await open(file, identityFrom(identity))).equals(plain)).toBe(true);
  });

  it("each of several opens a file, another one does not, from the header alone", async () => {
    const [one, two, other] = [
      await generateHybridIdentity(),
      await generateHybridIdentity(),
      await generateHybridIdentity(),
    ];
    const recipients = await Promise.all([one, two].map(identityToRecipient));
    const file = await seal(Buffer.from("for two"), ...recipients.map(recipientFrom));
    for (const identity of [one, two]) {
      expect((await open(file, identityFrom(other), identityFrom(identity))).toString()).toBe("for two");
      expect(Buffer.from(await openWithPackage(identity, file)).toString()).toBe("for two");
    }
    expect(await fileKeyOf(pieces(file), [identityFrom(other)])).toBeUndefined();
    expect(await fileKeyOf(pieces(file), [x25519Identity(newX25519Identity(randomBytes))])).toBeUndefined();
  });

  it("are not mixed with others, whatever the order", async () => {
    const hybrid = recipientFrom(await identityToRecipient(await generateHybridIdentity()));
    const classic = recipientFrom(recipientOf(newX25519Identity(randomBytes)));
    for (const both of [
      [hybrid, classic],
      [classic, hybrid],
    ]) {
      await expect(prepareHeader(both)).rejects.toThrow(/post-quantum keys must not be for other keys/);
    }
    await expect(prepareHeader([hybrid, scryptRecipient("x", { logN: 1 })])).rejects.toThrow(
      /only recipient/,
    );
  });

  it("are refused with a slip of the pen, and where they are no keys at all", async () => {
    const identity = await generateHybridIdentity();
    const recipient = await identityToRecipient(identity);
    const slip = (text: string, by: string) => text.replace(/.$/, (last) => (last === by ? "p" : by));
    expect(() => recipientFrom(slip(recipient, "q"))).toThrow(/not a post-quantum recipient/);
    expect(() => identityFrom(slip(identity, "Q"))).toThrow(/not a post-quantum identity/);
    expect(() => recipientFrom(recipient.toUpperCase())).toThrow(/not a post-quantum recipient/);
    expect(() => identityFrom(identity.toLowerCase())).toThrow(/not a post-quantum identity/);
    expect(() => recipientFrom(identity)).toThrow(/not an X25519 recipient/);
    // Well spelt, but its numbers are out of range: FIPS 203, section 7.2.
    const outOfRange = encodeBech32("age1pq", Buffer.alloc(1216, 0xff));
    await expect(prepareHeader([recipientFrom(outOfRange)])).rejects.toThrow(/publicKey/);
    const lowOrder = Buffer.concat([decodeBech32(recipient)!.bytes.subarray(0, 1184), Buffer.alloc(32)]);
    await expect(prepareHeader([recipientFrom(encodeBech32("age1pq", lowOrder))])).rejects.toThrow(/agreed/);
  });
});

/** The test command sets FERRY_AGE where it found or could install the program; npm's implementation stands in elsewhere. */
function program(): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const candidates = [process.env.FERRY_AGE ?? "", ...folders.map((folder) => path.join(folder, "age"))];
  return candidates.find((file) => file !== "" && existsSync(file));
}

describe("age and the published program", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "ferry-age-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("opens Ferry's files, and Ferry opens its own", async () => {
    const age = program();
    const identity = newX25519Identity(randomBytes);
    const plain = randomBytes(200_000);
    const files = {
      key: path.join(folder, "key"),
      ours: path.join(folder, "a"),
      plain: path.join(folder, "p"),
    };
    await writeFile(files.key, `${identity}\n`);
    await writeFile(files.plain, plain);
    await writeFile(files.ours, await seal(plain, x25519Recipient(recipientOf(identity))));
    const opened = age
      ? execFileSync(age, ["-d", "-i", files.key, files.ours], { maxBuffer: 1e9 })
      : await openWithPackage(identity, await readFile(files.ours));
    expect(plain.equals(opened)).toBe(true);
    if (!age) return;
    const theirs = execFileSync(age, ["-r", recipientOf(identity), files.plain], { maxBuffer: 1e9 });
    expect((await open(theirs, x25519Identity(identity))).equals(plain)).toBe(true);
  });
});

async function openWithPackage(identity: string, file: Buffer): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file);
}
