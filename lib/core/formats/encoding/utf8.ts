import { isAscii, isUtf8 } from "node:buffer";

/** Bytes of a UTF-8 sequence that starts with `lead`; 0 when no sequence can start with it. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Number of bytes at the end of `bytes` that begin a UTF-8 character without finishing it (0–3). */
export function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** Length of the well-formed UTF-8 sequence at `at` (1–4), or 0. Overlong forms and surrogates are not well-formed. */
export function wellFormedAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = sequenceLength(lead);
  if (length <= 1) return length;
  if (at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return length;
}

/** Counts multi-byte characters and bytes that are no part of one, and finds the first such byte. */
export function surveyUtf8(bytes: Uint8Array): { multiByte: number; invalid: number; firstInvalid: number } {
  const complete = bytes.subarray(0, bytes.length - unfinishedTail(bytes));
  if (isAscii(complete)) return { multiByte: 0, invalid: 0, firstInvalid: -1 };
  const valid = isUtf8(complete);
  let multiByte = 0;
  let invalid = 0;
  let firstInvalid = -1;
  for (let at = 0; at < complete.length;) {
    const byte = complete[at] ?? 0;
    if (byte < 0x80) {
      at++;
      continue;
    }
    const length = valid ? sequenceLength(byte) : wellFormedAt(complete, at);
    if (length === 0) {
      if (firstInvalid < 0) firstInvalid = at;
      invalid++;
      at++;
    } else {
      multiByte++;
      at += length;
    }
  }
  return { multiByte, invalid, firstInvalid };
}
