import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import path from "node:path";

const TAG_BYTES = 16;

/**
 * Pages of bytes on disk, for as long as the object lives. The file has no name: it is unlinked as soon as it is open, so
 * the system frees it even when the process is killed. What it holds is sealed with a key that is nowhere but in memory
 * (AES-256-GCM, the page's number as nonce: a page is written once), as users' data rest encrypted everywhere else.
 * The file is made with the first page.
 */
export class ScratchFile {
  private file: number | undefined;
  private readonly key = randomBytes(32);
  private pages = 0;
  private pageBytes = 0;
  private sealed = Buffer.alloc(0);
  private isClosed = false;

  /** @param folder made when it is not there; must be on a disk rather than in memory to be of use */
  constructor(private readonly folder: string) {}

  /** @throws Error of the file system, such as ENOSPC; or when the page is not of the size of the first */
  append(page: Uint8Array): void {
    if (this.isClosed) throw new Error("this scratch file is closed");
    const file = (this.file ??= this.open(page.length));
    if (page.length !== this.pageBytes) throw new Error("pages of a scratch file are all of one size");
    const cipher = createCipheriv("aes-256-gcm", this.key, nonceOf(this.pages));
    this.sealed.set(cipher.update(page));
    cipher.final();
    this.sealed.set(cipher.getAuthTag(), page.length);
    const start = this.pages * this.sealed.length;
    for (let written = 0; written < this.sealed.length;) {
      written += writeSync(file, this.sealed, written, this.sealed.length - written, start + written);
    }
    this.pages++;
  }

  /** @throws Error when there is no such page, or the disk no longer has it as it was written */
  read(page: number, into: Uint8Array): void {
    const { file, sealed, pageBytes } = this;
    if (file === undefined || page >= this.pages) throw new Error(`no page ${page} in this scratch file`);
    const start = page * sealed.length;
    for (let got = 0; got < sealed.length;) {
      const bytes = readSync(file, sealed, got, sealed.length - got, start + got);
      if (bytes === 0) throw new Error("the scratch file has become shorter");
      got += bytes;
    }
    const decipher = createDecipheriv("aes-256-gcm", this.key, nonceOf(page), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(pageBytes));
    into.set(decipher.update(sealed.subarray(0, pageBytes)));
    decipher.final();
  }

  /** Gives the disk back. Nothing can be read any more; doing it twice is harmless. */
  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    this.isClosed = true;
    this.key.fill(0);
  }

  private open(pageBytes: number): number {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const name = path.join(this.folder, randomUUID());
    const file = openSync(name, "wx+", 0o600);
    unlinkSync(name);
    this.pageBytes = pageBytes;
    this.sealed = Buffer.alloc(pageBytes + TAG_BYTES);
    return file;
  }
}

function nonceOf(page: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(page, 6, 6);
  return nonce;
}
