import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CopyJoiner } from "./copy-joiner";

interface Message {
  type: string;
  body: Buffer;
}

function encode({ type, body }: Message): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, "latin1");
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

/** What a client hears: the data of a COPY as one text, whatever the messages that bring it; all else as it is. */
function decode(bytes: Buffer): Message[] {
  const heard: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const type = bytes.toString("latin1", at, at + 1);
    const end = at + 1 + bytes.readUInt32BE(at + 1);
    expect(end).toBeLessThanOrEqual(bytes.length);
    const body = bytes.subarray(at + 5, end);
    const previous = heard.at(-1);
    if (type === "d" && previous?.type === "d") previous.body = Buffer.concat([previous.body, body]);
    else if (type !== "d" || body.length > 0) heard.push({ type, body });
    at = end;
  }
  return heard;
}

/** Hands the bytes over in pieces that end at these places, in a buffer that is overwritten by each. */
function receive(bytes: Buffer, ends: readonly number[]): Buffer[] {
  const joiner = new CopyJoiner();
  const memory = Buffer.alloc(bytes.length);
  const given: Buffer[] = [];
  let from = 0;
  for (const to of [...new Set([...ends, bytes.length])].sort((a, b) => a - b)) {
    const piece = memory.subarray(0, to - from);
    bytes.copy(piece, 0, from, to);
    given.push(Buffer.from(joiner.push(piece)));
    from = to;
  }
  return given;
}

const body = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const ofType = (...types: string[]) => fc.record({ type: fc.constantFrom(...types), body });
const copy = fc
  .tuple(
    fc.array(fc.oneof({ weight: 8, arbitrary: ofType("d") }, ofType("N", "S", "A")), { maxLength: 30 }),
    ofType("c", "E"),
  )
  .map(([during, end]) => [{ type: "H", body: Buffer.from([0, 0, 1, 0, 0]) }, ...during, end]);
const stream = fc
  .array(
    fc.oneof(
      copy,
      ofType("T", "D", "C", "Z", "N", "E", "1", "2", "n").map((one) => [one]),
    ),
    { maxLength: 12 },
  )
  .map((messages) => Buffer.concat(messages.flat().map(encode)));

describe("joining the data of a COPY", () => {
  it("changes nothing that a client hears, wherever what was received is cut", () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(2_000)), (bytes, cuts) => {
        const given = receive(
          bytes,
          cuts.filter((at) => at > 0 && at < bytes.length),
        );
        expect(decode(Buffer.concat(given))).toEqual(decode(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it("hands on all data that has come, without waiting for the rest of a message", () => {
    fc.assert(
      fc.property(copy, fc.nat(1_000), (messages, cut) => {
        const bytes = Buffer.concat(messages.map(encode));
        const at = 1 + (cut % bytes.length);
        const [first] = receive(bytes, [at]);
        const whole = messages.reduce(
          ({ left, sum }, { type, body: { length } }) => ({
            left: Math.max(0, left - 5 - length),
            sum: sum + (type === "d" ? Math.max(0, Math.min(length, left - 5)) : 0),
          }),
          { left: at, sum: 0 },
        );
        const data = decode(trimmed(first!)).filter(({ type }) => type === "d");
        expect(data.reduce((sum, { body: { length } }) => sum + length, 0)).toBe(whole.sum);
      }),
    );
  });

  it("makes one message of many that lie in one piece", () => {
    const rows = Array.from({ length: 500 }, (_, n) => ({ type: "d", body: Buffer.from(`row ${n}\n`) }));
    const joiner = new CopyJoiner();
    joiner.push(encode({ type: "H", body: Buffer.alloc(5) }));
    const joined = joiner.push(Buffer.concat(rows.map(encode)));
    expect(joined).toEqual(encode({ type: "d", body: Buffer.concat(rows.map((row) => row.body)) }));
    expect(joiner.isCopying).toBe(true);
    joiner.push(encode({ type: "c", body: Buffer.alloc(0) }));
    expect(joiner.isCopying).toBe(false);
  });

  it("gives back the very buffer when there is no COPY in it", () => {
    const joiner = new CopyJoiner();
    const answer = Buffer.concat([
      encode({ type: "D", body: Buffer.from("d\0\0\0\bdata") }),
      encode({ type: "d", body: Buffer.from("x") }),
    ]);
    expect(joiner.push(answer)).toBe(answer);
  });
});

/** Without a message at the end that is not whole, and is none of data. */
function trimmed(bytes: Buffer): Buffer {
  for (let at = 0; at < bytes.length;) {
    const end = at + 5 <= bytes.length ? at + 1 + bytes.readUInt32BE(at + 1) : Infinity;
    if (end > bytes.length) return bytes.subarray(0, at);
    at = end;
  }
  return bytes;
}
