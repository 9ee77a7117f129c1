import path from "node:path";
import { fileURLToPath } from "node:url";
import { derivedKey, env } from "@/lib/platform/env";
import { diskStore } from "@/lib/storage/drivers/disk";
import { s3Store } from "@/lib/storage/drivers/s3";
import type { S3Credentials } from "@/lib/storage/drivers/s3-client";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import type { Store } from "@/lib/storage/store";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";
import { retryingStore } from "@/lib/storage/wrappers/retrying";

/**
 * The store of a storage URL, encrypted at rest with the installation's storage key. `file:/folder` and
 * `file:///folder` are the local disk (the second form is percent-decoded, as URLs are); `s3://bucket/prefix?…` is a
 * bucket of any server that speaks S3.
 * @throws Error naming what is wrong with the URL
 */
export function openStore(url: string): Store {
  return encryptedStore(openPlain(url), derivedKey("storage"));
}

function openPlain(url: string): Store {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === "s3") return retryingStore(s3Store(parseS3Url(url), s3Credentials()));
  if (scheme === "file") {
    return diskStore(
      url.startsWith("file://") ? fileURLToPath(url) : path.resolve(url.slice("file:".length)),
    );
  }
  throw new Error(
    `STORAGE_URL must begin with "file:" (a folder of this machine) or "s3:" (a bucket); ${scheme ? `"${scheme}:"` : "it"} is not supported`,
  );
}

function s3Credentials(): S3Credentials | undefined {
  const { S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_SESSION_TOKEN } = env();
  if (S3_ACCESS_KEY_ID === undefined && S3_SECRET_ACCESS_KEY === undefined) return undefined;
  if (S3_ACCESS_KEY_ID === undefined || S3_SECRET_ACCESS_KEY === undefined) {
    throw new Error("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set together");
  }
  return {
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY,
    sessionToken: S3_SESSION_TOKEN,
  };
}
