import { z } from "zod";

const flag = z.enum(["true", "false"]).transform((v) => v === "true");

const Options = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  publicEndpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  forcePathStyle: flag.optional(),
  checksum: z.enum(["md5", "crc32", "sha256"]).optional(),
  directUploads: flag.default(true),
});

export interface S3Settings {
  bucket: string;
  /** What every object's key begins with: empty, or ending with "/". */
  prefix: string;
  /** Undefined = Amazon's own. */
  endpoint: string | undefined;
  /** The endpoint under which browsers reach the same server. */
  publicEndpoint: string | undefined;
  region: string;
  forcePathStyle: boolean;
  checksum: "md5" | "crc32" | "sha256";
  directUploads: boolean;
}

const FORM = '"s3://BUCKET/PREFIX?endpoint=…&region=…"';

/**
 * Reads `s3://bucket/prefix?endpoint=https://…&publicEndpoint=https://…&region=…&forcePathStyle=true|false&
 * checksum=md5|crc32|sha256&directUploads=true|false`. A server of one's own is addressed by path and checked by
 * Content-MD5, which all of them understand; Amazon's by host name and CRC-32.
 * @throws Error that says what is wrong, without the URL's credentials
 */
export function parseS3Url(url: string): S3Settings {
  const parts = /^s3:\/\/([^/?#@]*@)?([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/i.exec(url);
  if (!parts) throw new Error(`STORAGE_URL is not of the form ${FORM}`);
  const [, credentials, bucket = "", path = "", query = ""] = parts;
  if (credentials !== undefined) {
    throw new Error("STORAGE_URL must not hold credentials: use S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY");
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new Error(`STORAGE_URL does not name a bucket: it must be of the form ${FORM}`);
  }
  const folders = path.split("/").filter((folder) => folder !== "");
  if (!folders.every((folder) => /^[A-Za-z0-9._-]+$/.test(folder) && folder !== "." && folder !== "..")) {
    throw new Error(
      "The prefix in STORAGE_URL may hold letters, digits, dots, dashes, underscores and slashes",
    );
  }
  const options = Options.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (!options.success) {
    const problems = options.error.issues.map((i) => [...i.path, i.message].join(": ")).join("; ");
    throw new Error(`The options of STORAGE_URL are not usable: ${problems}`);
  }
  const { endpoint, publicEndpoint, region, forcePathStyle, checksum, directUploads } = options.data;
  return {
    bucket,
    prefix: folders.map((folder) => `${folder}/`).join(""),
    endpoint,
    publicEndpoint,
    region: region ?? "us-east-1",
    forcePathStyle: forcePathStyle ?? endpoint !== undefined,
    checksum: checksum ?? (endpoint === undefined ? "crc32" : "md5"),
    directUploads,
  };
}
