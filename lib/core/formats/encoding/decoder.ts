import { isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";
import { FileProblem } from "@/lib/core/formats/types";
import { decoderKind } from "./labels";
import { unfinishedTail, wellFormedAt } from "./utf8";

/**
 * Bytes to text, piece by piece. A character that straddles two pieces is never damaged: its first bytes wait for the
 * rest. Bytes that are no text in the encoding are never turned into U+FFFD silently: see each decoder.
 */
export interface TextStreamDecoder {
  decode(bytes: Uint8Array): string;
  /** Text of bytes still waiting at the end of the file. */
  end(): string;
}

/** Damaged bytes a UTF-8 file may hold before it is called another encoding. */
const UTF8_DAMAGE_MAX = 100;

/** @throws FileProblem wrong-encoding when Ferry does not know the encoding. */
export function createDecoder(encoding: string): TextStreamDecoder {
  const kind = decoderKind(encoding);
  if (kind === "utf-8") return new Utf8Decoder();
  if (kind === "iconv") return new IconvDecoder(encoding);
  if (kind !== undefined) return new StrictDecoder(encoding);
  throw new FileProblem("wrong-encoding", `Ferry does not know the encoding "${encoding}".`);
}

/**
 * UTF-8 with a net: a byte that is no part of a UTF-8 character is read as Windows-1252, as it came from a program that
 * wrote such bytes; a file that is ASCII as far as anyone looked and Windows-1252 further down is so read rightly from
 * its first accent on. A file that is UTF-8 but breaks it again and again is refused, with the place.
 */
class Utf8Decoder implements TextStreamDecoder {
  private waiting: Uint8Array = new Uint8Array(0);
  private bytesDecoded = 0;
  private multiByteSeen = false;
  private damaged = 0;

  decode(bytes: Uint8Array): string {
    const all = this.waiting.length === 0 ? bytes : Buffer.concat([this.waiting, bytes]);
    const tail = unfinishedTail(all);
    this.waiting = tail === 0 ? new Uint8Array(0) : all.slice(all.length - tail);
    return this.decodeWhole(tail === 0 ? all : all.subarray(0, all.length - tail));
  }

  end(): string {
    const rest = this.waiting;
    this.waiting = new Uint8Array(0);
    return this.decodeWhole(rest);
  }

  private decodeWhole(bytes: Uint8Array): string {
    const buffer = asBuffer(bytes);
    if (isAscii(bytes)) {
      this.bytesDecoded += bytes.length;
      return buffer.toString("latin1");
    }
    if (isUtf8(bytes)) {
      this.multiByteSeen = true;
      this.bytesDecoded += bytes.length;
      return buffer.toString("utf8");
    }
    return this.decodeDamaged(buffer);
  }

  private decodeDamaged(buffer: Buffer): string {
    let text = "";
    let from = 0;
    for (let at = 0; at < buffer.length;) {
      const length = wellFormedAt(buffer, at);
      if (length > 1) this.multiByteSeen = true;
      if (length > 0) {
        at += length;
        continue;
      }
      this.damaged++;
      if (this.multiByteSeen && this.damaged > UTF8_DAMAGE_MAX) {
        throw new FileProblem(
          "wrong-encoding",
          `The file is not UTF-8 throughout: more than ${UTF8_DAMAGE_MAX} bytes are no UTF-8 text. Choose another encoding, or save the file as UTF-8.`,
          { byte: this.bytesDecoded + at },
        );
      }
      text += buffer.toString("utf8", from, at) + iconv.decode(buffer.subarray(at, at + 1), "windows-1252");
      from = ++at;
    }
    this.bytesDecoded += buffer.length;
    return text + buffer.toString("utf8", from, buffer.length);
  }
}

/** UTF-16 and the East Asian encodings: bytes that are no character end the reading, with their place. */
class StrictDecoder implements TextStreamDecoder {
  private readonly decoder: TextDecoder;
  private bytesBefore = 0;

  constructor(private readonly encoding: string) {
    this.decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  }

  decode(bytes: Uint8Array): string {
    const text = this.attempt(() => this.decoder.decode(bytes, { stream: true }), bytes);
    this.bytesBefore += bytes.length;
    return text;
  }

  end(): string {
    return this.attempt(() => this.decoder.decode(), new Uint8Array(0));
  }

  private attempt(decode: () => string, bytes: Uint8Array): string {
    try {
      return decode();
    } catch {
      const byte = this.bytesBefore + this.firstBadByte(bytes);
      throw new FileProblem(
        "wrong-encoding",
        `The bytes at ${byte} are no text in ${this.encoding}. Choose another encoding, or save the file as UTF-8.`,
        { byte },
      );
    }
  }

  /** A decoder that failed has lost its place, so a fresh one is led over ever smaller pieces. */
  private firstBadByte(bytes: Uint8Array): number {
    let good = 0;
    let bad = bytes.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      if (this.decodes(bytes.subarray(0, middle))) good = middle;
      else bad = middle;
    }
    return good;
  }

  private decodes(bytes: Uint8Array): boolean {
    try {
      new TextDecoder(this.encoding, { fatal: true }).decode(bytes, { stream: true });
      return true;
    } catch {
      return false;
    }
  }
}

/** Single-byte encodings, in which every byte has a meaning, and UTF-32. */
class IconvDecoder implements TextStreamDecoder {
  private readonly decoder: { write(bytes: Buffer): string; end(): string | undefined };

  constructor(encoding: string) {
    this.decoder = iconv.getDecoder(encoding);
  }

  decode(bytes: Uint8Array): string {
    return this.decoder.write(asBuffer(bytes));
  }

  end(): string {
    return this.decoder.end() ?? "";
  }
}

/** The same bytes as a Buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes that `text` takes in the encoding: maps a place in the text back to a place in the file. */
export function encodedLength(text: string, encoding: string): number {
  const kind = decoderKind(encoding);
  if (kind === "utf-8") return Buffer.byteLength(text);
  if (kind === "utf-16") return text.length * 2;
  // iconv-lite lacks ISO-2022-JP; its characters take two bytes, escape sequences aside.
  return iconv.encodingExists(encoding) ? iconv.encode(text, encoding).length : text.length;
}
