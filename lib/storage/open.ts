import path from "node:path";
import { fileURLToPath } from "node:url";
import { derivedKey } from "@/lib/platform/env";
import { diskStore } from "@/lib/storage/drivers/disk";
import type { Store } from "@/lib/storage/store";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";

/**
 * The store of a storage URL, encrypted at rest with the installation's storage key. `file:/folder` and
 * `file:///folder` are the local disk (the second form is percent-decoded, as URLs are).
 * @throws Error naming the scheme when there is no driver for it
 */
export function openStore(url: string): Store {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== "file") {
    throw new Error(
      `STORAGE_URL must begin with "file:" (a folder of this machine); ${scheme ? `"${scheme}:"` : "it"} is not supported`,
    );
  }
  const folder = url.startsWith("file://") ? fileURLToPath(url) : path.resolve(url.slice("file:".length));
  return encryptedStore(diskStore(folder), derivedKey("storage"));
}
