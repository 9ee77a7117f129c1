import type { S3Connection } from "@/lib/storage/drivers/s3-client";
import { isMissing, storageProblem } from "@/lib/storage/drivers/s3-problems";
import { bodyBytes, inWords, listObjects } from "@/lib/storage/drivers/s3-requests";
import type { S3Settings } from "@/lib/storage/drivers/s3-url";
import { checkKey } from "@/lib/storage/keys";
import { ObjectMissingError, type IncomingArea } from "@/lib/storage/store";

/** Where clients' own bytes lie. "~" is no character of a key, so no object of the store lies there. */
export const INCOMING = "~incoming/";
/** S3 signs for at most a week. */
const SIGNED_SECONDS_MAX = 7 * 24 * 3600;

/** The corner of a bucket that browsers and programs write to with presigned PUT addresses (Signature Version 4). */
export function s3IncomingArea(connected: () => Promise<S3Connection>, settings: S3Settings): IncomingArea {
  const Bucket = settings.bucket;
  const prefix = settings.prefix + INCOMING;
  const nameOf = (key: string) => prefix + checkKey(key);

  return {
    async putUrl(key, sizeBytes, expiresAt) {
      const { sdk, presigning } = await connected();
      const { getSignedUrl } = await import("@aws-sdk/s3-request-presigner");
      const seconds = Math.floor((expiresAt.getTime() - Date.now()) / 1000);
      const command = new sdk.PutObjectCommand({ Bucket, Key: nameOf(key), ContentLength: sizeBytes });
      return inWords(() =>
        getSignedUrl(presigning, command, {
          expiresIn: Math.min(Math.max(1, seconds), SIGNED_SECONDS_MAX),
          // Signed, so that nobody can send more than was announced.
          signableHeaders: new Set(["host", "content-length"]),
        }),
      );
    },

    async *read(key, start = 0) {
      const Range = start === 0 ? undefined : `bytes=${start}-`;
      const { sdk, client } = await connected();
      const answer = await client
        .send(new sdk.GetObjectCommand({ Bucket, Key: nameOf(key), Range }))
        .catch((error: unknown) => {
          throw isMissing(error) ? new ObjectMissingError(key) : storageProblem(error);
        });
      yield* bodyBytes(key, answer, start, undefined);
    },

    async *list(wanted) {
      for await (const object of listObjects(await connected(), Bucket, prefix + wanted)) {
        yield {
          key: (object.Key ?? "").slice(prefix.length),
          sizeBytes: object.Size ?? 0,
          etag: (object.ETag ?? "").replace(/"/g, ""),
          writtenAt: object.LastModified ?? new Date(0),
        };
      }
    },

    async delete(key) {
      const { sdk, client } = await connected();
      await inWords(() => client.send(new sdk.DeleteObjectCommand({ Bucket, Key: nameOf(key) })));
    },
  };
}
