import { createHmac, timingSafeEqual } from "node:crypto";
import { decodeBase64, encodeBase64 } from "./base64";
import { AgeError } from "./errors";
import { headerKey } from "./primitives";

/** A recipient's part of a header: `args[0]` is its type. */
export interface Stanza {
  args: readonly string[];
  body: Buffer;
}

export interface Header {
  stanzas: readonly Stanza[];
  mac: Buffer;
  /** What the MAC is over, as it was read. */
  signed: Buffer;
}

const VERSION = "age-encryption.org/v1";
const LINE_CHARS = 64;
const ARGUMENT = /^[\x21-\x7e]+$/;
/** A header of thousands of recipients is still smaller; a file that is no age file is not read to its end. */
export const HEADER_BYTES_MAX = 1 << 20;

/** The header of these stanzas, signed with the file key. */
export function writeHeader(stanzas: readonly Stanza[], fileKey: Uint8Array): Buffer {
  const lines = [VERSION];
  for (const { args, body } of stanzas) {
    lines.push(`-> ${args.join(" ")}`);
    const text = encodeBase64(body);
    // The last line is the one that is not full, though it be empty.
    for (let at = 0; at <= text.length; at += LINE_CHARS) lines.push(text.slice(at, at + LINE_CHARS));
  }
  lines.push("---");
  const signed = Buffer.from(lines.join("\n"), "latin1");
  return Buffer.concat([signed, Buffer.from(` ${encodeBase64(macOf(signed, fileKey))}\n`, "latin1")]);
}

/**
 * The length of the header that these bytes begin with; undefined as long as its end is not among them.
 * @throws AgeError as soon as they cannot become one
 */
export function headerLength(bytes: Buffer): number | undefined {
  const start = Buffer.from(`${VERSION}\n`, "latin1");
  const common = Math.min(start.length, bytes.length);
  if (!bytes.subarray(0, common).equals(start.subarray(0, common))) {
    throw new AgeError(
      "header",
      "This is not a file that age encrypted, or it is of another version of age.",
    );
  }
  const end = bytes.indexOf("\n---", 0, "latin1");
  const newline = end === -1 ? -1 : bytes.indexOf(0x0a, end + 1);
  if (newline === -1 && bytes.length > HEADER_BYTES_MAX) throw malformed("it has no end");
  return newline === -1 ? undefined : newline + 1;
}

/**
 * @param bytes exactly a header
 * @throws AgeError when it is not the one spelling that the format allows
 */
export function parseHeader(bytes: Buffer): Header {
  const lines = bytes.toString("latin1").split("\n");
  if (lines.shift() !== VERSION || lines.pop() !== "") throw malformed("its first or last line is wrong");
  const footer = lines.pop() ?? "";
  const stanzas: Stanza[] = [];
  for (let at = 0; at < lines.length;) at = readStanza(lines, at, stanzas);
  if (stanzas.length === 0) throw malformed("it names no recipient");
  const mac = footer.startsWith("--- ") ? decodeBase64(footer.slice(4)) : undefined;
  if (mac?.length !== 32) throw malformed("its last line is wrong");
  const signed = bytes.subarray(0, bytes.length - footer.length - 1 + "---".length);
  return { stanzas, mac, signed };
}

/** @throws AgeError when the header was changed after this file key had signed it */
export function checkMac(header: Header, fileKey: Uint8Array): void {
  if (timingSafeEqual(macOf(header.signed, fileKey), header.mac)) return;
  throw new AgeError("mac", "The header of the encrypted file was changed or is damaged.");
}

function readStanza(lines: readonly string[], start: number, into: Stanza[]): number {
  const first = lines[start]!;
  const args = first.startsWith("-> ") ? first.slice(3).split(" ") : [];
  if (args.length === 0 || !args.every((arg) => ARGUMENT.test(arg))) {
    throw malformed("a recipient's first line is wrong");
  }
  const parts: Buffer[] = [];
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at]!;
    const part = line.length > LINE_CHARS ? undefined : decodeBase64(line);
    if (!part) throw malformed("a recipient's body is wrong");
    parts.push(part);
    if (line.length < LINE_CHARS) {
      into.push({ args, body: Buffer.concat(parts) });
      return at + 1;
    }
  }
  throw malformed("a recipient's body has no end");
}

function macOf(signed: Uint8Array, fileKey: Uint8Array): Buffer {
  return createHmac("sha256", headerKey(fileKey)).update(signed).digest();
}

function malformed(reason: string): AgeError {
  return new AgeError("header", `The header of the encrypted file is malformed: ${reason}.`);
}
