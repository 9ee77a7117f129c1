import { randomUUID } from "node:crypto";
import {
  mkdir,
  open,
  opendir,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  type FileHandle,
} from "node:fs/promises";
import path from "node:path";
import { checkKey } from "@/lib/storage/keys";
import { StorageProblem } from "@/lib/storage/problems";
import { ObjectMissingError, type Store } from "@/lib/storage/store";

/** Where objects are written before they get their name. "~" is no character of a key, so no object lies there. */
const DRAFTS = "~drafts";
const READ_CHUNK_BYTES = 256 * 1024;
/** Written at once, in so many pieces at most: handing each to the system costs more than its bytes. */
const WRITE_BYTES = 1024 * 1024;
const WRITE_PIECES_MAX = 256;

/**
 * A store on the local disk: one file an object below `root`. An object is written to a temporary name, flushed to the
 * disk (fsync) and renamed, and the rename is flushed too, so that a crash at any moment leaves the old object or the
 * new one. Several processes may use one root.
 */
export function diskStore(root: string): Store {
  const drafts = path.join(root, DRAFTS);
  let ready: Promise<void> | undefined;

  const fileOf = (key: string) => path.join(root, ...checkKey(key).split("/"));

  async function prepare(): Promise<void> {
    try {
      await inWords(() => mkdir(drafts, { recursive: true, mode: 0o700 }));
    } catch (error) {
      ready = undefined;
      throw error;
    }
  }

  return {
    async put(key, body) {
      const target = fileOf(key);
      ready ??= prepare();
      await ready;
      const draft = path.join(drafts, randomUUID());
      try {
        const sizeBytes = await writeFlushed(draft, body);
        await inWords(() => moveInto(draft, target));
        return { sizeBytes };
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },

    async *read(key, { start = 0, end } = {}) {
      const file = await openFile(fileOf(key), key);
      try {
        yield* readRange(file, start, end ?? Number.MAX_SAFE_INTEGER);
      } finally {
        await file.close();
      }
    },

    async stat(key) {
      try {
        const found = await stat(fileOf(key));
        return found.isFile() ? { sizeBytes: found.size } : undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },

    async delete(key) {
      const file = fileOf(key);
      await removeFile(file);
      await removeEmptyParents(path.dirname(file), root);
    },

    async *list(prefix) {
      yield* walk(root, "", prefix);
    },

    removeDrafts: (before) => removeOldDrafts(drafts, before.getTime()),
  };
}

async function* readRange(file: FileHandle, start: number, end: number): AsyncIterable<Uint8Array> {
  for (let position = start; position < end;) {
    const wanted = Math.min(READ_CHUNK_BYTES, end - position);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

async function removeFile(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    // A folder has the name: there is no such object either.
    if (!isMissing(error) && !hasCode(error, "EISDIR", "EPERM")) throw error;
  }
}

async function openFile(file: string, key: string): Promise<FileHandle> {
  try {
    const handle = await open(file, "r");
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    throw new ObjectMissingError(key);
  } catch (error) {
    if (isMissing(error)) throw new ObjectMissingError(key);
    throw error;
  }
}

async function writeFlushed(file: string, body: AsyncIterable<Uint8Array>): Promise<number> {
  const handle = await inWords(() => open(file, "wx", 0o600));
  try {
    let sizeBytes = 0;
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    for await (const chunk of body) {
      held.push(chunk);
      heldBytes += chunk.byteLength;
      sizeBytes += chunk.byteLength;
      if (heldBytes < WRITE_BYTES && held.length < WRITE_PIECES_MAX) continue;
      await inWords(() => writeAll(handle, held, heldBytes));
      held = [];
      heldBytes = 0;
    }
    await inWords(() => writeAll(handle, held, heldBytes));
    await inWords(() => handle.datasync());
    return sizeBytes;
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunks: Uint8Array[], sizeBytes: number): Promise<void> {
  if (sizeBytes === 0) return;
  const { bytesWritten } = await handle.writev(chunks);
  if (bytesWritten === sizeBytes) return;
  // A disk that is nearly full takes a part, and refuses the next one with the reason.
  const rest = Buffer.concat(chunks).subarray(bytesWritten);
  for (let offset = 0; offset < rest.byteLength;) {
    offset += (await handle.write(rest, offset, rest.byteLength - offset)).bytesWritten;
  }
}

async function moveInto(draft: string, target: string): Promise<void> {
  const folder = path.dirname(target);
  // The folder, or one above it, may be removed as empty by a delete while it is made, or before the rename.
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(draft, target);
      break;
    } catch (error) {
      if (!isMissing(error) || attempt === 10) throw error;
    }
  }
  await flushFolder(folder);
}

async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Some file systems cannot flush a folder, and a delete may have taken it away; the object itself is down.
    if (!isMissing(error) && !hasCode(error, "EINVAL", "EISDIR", "EPERM")) throw error;
  }
}

async function removeEmptyParents(folder: string, root: string): Promise<void> {
  for (let dir = folder; dir.length > root.length && dir.startsWith(root); dir = path.dirname(dir)) {
    try {
      await rmdir(dir);
    } catch {
      return;
    }
  }
}

async function removeOldDrafts(drafts: string, beforeMs: number): Promise<number> {
  let removed = 0;
  const names = await readdir(drafts).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const name of names) {
    const file = path.join(drafts, name);
    const found = await stat(file).catch(() => undefined);
    if (!found || found.mtimeMs >= beforeMs) continue;
    await rm(file, { force: true });
    removed++;
  }
  return removed;
}

async function* walk(root: string, folder: string, prefix: string): AsyncIterable<string> {
  let entries;
  try {
    entries = await opendir(path.join(root, ...folder.split("/")));
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  for await (const entry of entries) {
    const key = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (key === DRAFTS) continue;
    if (entry.isDirectory()) {
      if (prefix.startsWith(`${key}/`) || `${key}/`.startsWith(prefix)) yield* walk(root, key, prefix);
    } else if (key.startsWith(prefix)) {
      yield key;
    }
  }
}

/** Failures of the disk itself as StorageProblem; those of a body that is being written stay as they are. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (hasCode(cause, "ENOSPC", "EDQUOT")) {
      throw new StorageProblem(
        "storage-full",
        "The disk that files are stored on is full, or its quota is used up. Nothing was kept of what was being written.",
        { cause },
      );
    }
    if (hasCode(cause, "EACCES", "EPERM", "EROFS")) {
      throw new StorageProblem(
        "storage-access-denied",
        "Ferry may not write to the folder that STORAGE_URL names.",
        { cause },
      );
    }
    throw cause;
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT", "ENOTDIR");
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
