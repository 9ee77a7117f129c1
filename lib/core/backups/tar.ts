import { damaged } from "./errors";

// The part of POSIX ustar that a backup needs: regular files with short ASCII names, nothing else. What is written here
// every tar program unpacks; what is read must be exactly what would have been written.

const BLOCK = 512;
const NAME_CHARS_MAX = 99;
/** Eleven octal digits. */
const SIZE_MAX = 8 ** 11 - 1;
const NAME = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/;
const END = Buffer.alloc(2 * BLOCK);

/** The block before a file's bytes. `modifiedAt` in seconds of Unix time. */
export function tarHeader(name: string, sizeBytes: number, modifiedAt: number): Buffer {
  if (!NAME.test(name) || name.length > NAME_CHARS_MAX)
    throw new Error(`"${name}" cannot be a name in a tar`);
  if (sizeBytes > SIZE_MAX) throw new Error("a file of a tar must be smaller than 8 GiB");
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, "latin1");
  block.write(octal(0o600, 8), 100, "latin1");
  block.write(octal(0, 8), 108, "latin1");
  block.write(octal(0, 8), 116, "latin1");
  block.write(octal(sizeBytes, 12), 124, "latin1");
  block.write(octal(modifiedAt, 12), 136, "latin1");
  block.fill(0x20, 148, 156);
  block.write("0", 156, "latin1");
  block.write("ustar\0" + "00", 257, "latin1");
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 7)} `, 148, "latin1");
  return block;
}

/** The zeros that fill a file's last block. */
export function tarPadding(sizeBytes: number): Buffer {
  return Buffer.alloc((BLOCK - (sizeBytes % BLOCK)) % BLOCK);
}

/** What follows the last file. */
export function tarEnd(): Buffer {
  return END;
}

export interface TarFile {
  name: string;
  bytes: Buffer;
}

export interface TarReading {
  /** The bytes of a file are only good until the next but one is asked for: their memory is used again. */
  transient?: boolean;
  /** Files to pass over: neither held nor given out. */
  passesOver?: (name: string) => boolean;
}

/**
 * The files of a tar, each whole in memory: `sizeBytesMax` bounds it.
 * @throws BackupProblem for anything that `tarHeader` would not have written
 */
export async function* readTar(
  bytes: AsyncIterable<Uint8Array>,
  sizeBytesMax: number,
  { transient = false, passesOver = () => false }: TarReading = {},
): AsyncGenerator<TarFile> {
  const source = new Blocks(bytes);
  const memory = transient ? new UsedAgain() : undefined;
  try {
    for (;;) {
      const header = await source.read(BLOCK);
      if (header.every((byte) => byte === 0)) break;
      const { name, sizeBytes } = parseHeader(header);
      if (sizeBytes > sizeBytesMax) throw damaged(`its part "${name}" is larger than any part may be`);
      const isWanted = !passesOver(name);
      const content = isWanted ? (memory?.take(sizeBytes) ?? Buffer.allocUnsafe(sizeBytes)) : undefined;
      if (content) await source.fill(content);
      else await source.pass(sizeBytes);
      if ((await source.read(tarPadding(sizeBytes).length)).some((byte) => byte !== 0)) {
        throw damaged(`something stands between its parts after "${name}"`);
      }
      if (content) yield { name, bytes: content };
    }
    if ((await source.read(BLOCK)).some((byte) => byte !== 0)) throw damaged("its end is not one");
    if (!(await source.isAtEnd())) throw damaged("something follows its end");
  } finally {
    await source.close();
  }
}

function parseHeader(block: Buffer): { name: string; sizeBytes: number } {
  const end = block.indexOf(0);
  const name = block.toString("latin1", 0, Math.min(end === -1 ? BLOCK : end, 100));
  const sizeBytes = number(block, 124);
  const modifiedAt = number(block, 136);
  if (
    !NAME.test(name) ||
    name.length > NAME_CHARS_MAX ||
    sizeBytes === undefined ||
    modifiedAt === undefined
  ) {
    throw damaged("the beginning of one of its parts cannot be read");
  }
  if (!tarHeader(name, sizeBytes, modifiedAt).equals(block)) {
    throw damaged(`the beginning of its part "${name}" is not as Ferry writes it`);
  }
  return { name, sizeBytes };
}

function number(block: Buffer, at: number): number | undefined {
  const text = block.toString("latin1", at, at + 12);
  return /^[0-7]{11}\0$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** Zero-padded, and ended by a NUL that counts as one of the `width`. */
function octal(value: number, width: number): string {
  return `${Math.floor(value)
    .toString(8)
    .padStart(width - 1, "0")}\0`;
}

/** Bytes in pieces of the sizes that are asked for. */
class Blocks {
  private readonly source: AsyncIterator<Uint8Array>;
  private piece: Uint8Array = Buffer.alloc(0);
  private ended = false;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  async read(size: number): Promise<Buffer> {
    const result = Buffer.allocUnsafe(size);
    await this.fill(result);
    return result;
  }

  async fill(target: Buffer): Promise<void> {
    for (let filled = 0; filled < target.length;) {
      const taken = await this.some(target.length - filled);
      target.set(taken, filled);
      filled += taken.length;
    }
  }

  async pass(size: number): Promise<void> {
    for (let passed = 0; passed < size;) passed += (await this.some(size - passed)).length;
  }

  private async some(sizeMax: number): Promise<Uint8Array> {
    if (await this.isAtEnd()) throw damaged("it ends in the middle");
    const taken = this.piece.subarray(0, sizeMax);
    this.piece = this.piece.subarray(taken.length);
    return taken;
  }

  async isAtEnd(): Promise<boolean> {
    while (this.piece.length === 0 && !this.ended) {
      const next = await this.source.next();
      if (next.done) this.ended = true;
      else this.piece = next.value;
    }
    return this.piece.length === 0;
  }

  async close(): Promise<void> {
    if (!this.ended) await this.source.return?.();
    this.ended = true;
  }
}

/** Larger files than those that are written get memory of their own. */
const KEPT_BYTES = 4 * 1024 * 1024;

/** Memory for two files, one after the other, again and again: fresh memory for each would be the larger part of a process. */
class UsedAgain {
  private next: Buffer | undefined;
  private last: Buffer | undefined;

  take(size: number): Buffer {
    if (size > KEPT_BYTES) return Buffer.allocUnsafeSlow(size);
    const taken = this.next ?? Buffer.allocUnsafeSlow(KEPT_BYTES);
    this.next = this.last;
    this.last = taken;
    return taken.subarray(0, size);
  }
}
