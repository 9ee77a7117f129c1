/**
 * Bech32 (BIP 173) for the keys of age: without the limit of 90 characters, and with no Bech32m.
 */
const CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_LENGTH = 6;

/** `prefix`1`data and checksum`, in lower case. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const words = regroup(bytes, 8, 5, true)!;
  const check = polymod([...expand(prefix), ...words, 0, 0, 0, 0, 0, 0]) ^ 1;
  for (let i = 0; i < CHECKSUM_LENGTH; i++) words.push((check >> (5 * (CHECKSUM_LENGTH - 1 - i))) & 31);
  return `${prefix}1${words.map((word) => CHARSET[word]).join("")}`;
}

/** The prefix in lower case and the bytes; undefined when `text` is not Bech32 or its checksum is wrong. */
export function decodeBech32(text: string): { prefix: string; bytes: Buffer } | undefined {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return undefined;
  const split = lower.lastIndexOf("1");
  if (split < 1 || lower.length - split - 1 < CHECKSUM_LENGTH) return undefined;
  const prefix = lower.slice(0, split);
  if (!/^[\x21-\x7e]+$/.test(prefix)) return undefined;
  const words = [...lower.slice(split + 1)].map((character) => CHARSET.indexOf(character));
  if (words.includes(-1) || polymod([...expand(prefix), ...words]) !== 1) return undefined;
  const bytes = regroup(words.slice(0, -CHECKSUM_LENGTH), 5, 8, false);
  return bytes && { prefix, bytes: Buffer.from(bytes) };
}

function polymod(values: Iterable<number>): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < GENERATOR.length; i++) if ((top >> i) & 1) check ^= GENERATOR[i]!;
  }
  return check;
}

function expand(prefix: string): number[] {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** Undefined when bits that are left over are not padding of zeros. */
function regroup(input: Iterable<number>, from: number, to: number, pad: boolean): number[] | undefined {
  const output: number[] = [];
  const mask = (1 << to) - 1;
  let held = 0;
  let bits = 0;
  for (const value of input) {
    held = ((held << from) | value) & 0xfff;
    for (bits += from; bits >= to;) {
      bits -= to;
      output.push((held >> bits) & mask);
    }
  }
  const rest = (held << (to - bits)) & mask;
  if (pad) {
    if (bits > 0) output.push(rest);
  } else if (bits >= from || rest !== 0) {
    return undefined;
  }
  return output;
}
