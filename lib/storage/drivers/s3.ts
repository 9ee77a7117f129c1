import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { checkKey } from "@/lib/storage/keys";
import { s3Connector, type S3Connection, type S3Credentials } from "@/lib/storage/drivers/s3-client";
import { INCOMING, s3IncomingArea } from "@/lib/storage/drivers/s3-incoming";
import { hasS3Code, isMissing, statusOf, storageProblem } from "@/lib/storage/drivers/s3-problems";
import { putObject } from "@/lib/storage/drivers/s3-put";
import { bodyBytes, inWords, listObjects, removeUnfinished } from "@/lib/storage/drivers/s3-requests";
import type { S3Settings } from "@/lib/storage/drivers/s3-url";
import { RETRY_DELAYS_MS } from "@/lib/storage/retries";
import { ObjectMissingError, type Store } from "@/lib/storage/store";

const BUCKET_SEEN_MS = 60_000;

/**
 * A store in a bucket of any server that speaks S3. An object appears when its single PUT or its multipart upload is
 * complete, which S3 does atomically. Requests of a put are repeated here; those of the other calls by the retrying
 * wrapper. Several processes may use one bucket and prefix.
 */
export function s3Store(
  settings: S3Settings,
  credentials: S3Credentials | undefined,
  delaysMs: readonly number[] = RETRY_DELAYS_MS,
): Store {
  const connected = s3Connector(settings, credentials);
  const { bucket: Bucket, prefix } = settings;
  const nameOf = (key: string) => prefix + checkKey(key);
  let bucketSeenAt = 0;

  /** A missing bucket and a missing object look alike to a HEAD, whose answer has no body. */
  async function checkBucket({ sdk, client }: S3Connection): Promise<void> {
    if (Date.now() - bucketSeenAt < BUCKET_SEEN_MS) return;
    try {
      await client.send(new sdk.HeadBucketCommand({ Bucket }));
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw storageProblem({ name: "NoSuchBucket", $metadata: { httpStatusCode: 404 } });
    }
    bucketSeenAt = Date.now();
  }

  async function head(key: string): Promise<{ sizeBytes: number } | undefined> {
    const connection = await connected();
    const { sdk, client } = connection;
    try {
      const { ContentLength } = await client.send(new sdk.HeadObjectCommand({ Bucket, Key: nameOf(key) }));
      return { sizeBytes: ContentLength ?? 0 };
    } catch (error) {
      if (!isMissing(error)) throw error;
      await checkBucket(connection);
      return undefined;
    }
  }

  return {
    async put(key, body) {
      const objectKey = nameOf(key);
      return putObject({ connection: await connected(), settings, objectKey, delaysMs }, body);
    },

    async *read(key, { start = 0, end } = {}) {
      const Key = nameOf(key);
      if (end !== undefined && end <= start) {
        if (!(await inWords(() => head(key)))) throw new ObjectMissingError(key);
        return;
      }
      const Range =
        start === 0 && end === undefined ? undefined : `bytes=${start}-${end === undefined ? "" : end - 1}`;
      const { sdk, client } = await connected();
      let answer: GetObjectCommandOutput;
      try {
        answer = await client.send(new sdk.GetObjectCommand({ Bucket, Key, Range }));
      } catch (error) {
        if (hasS3Code(error, "InvalidRange") || statusOf(error) === 416) return;
        throw isMissing(error) ? new ObjectMissingError(key) : storageProblem(error);
      }
      yield* bodyBytes(key, answer, start, end);
    },

    async stat(key) {
      checkKey(key);
      return inWords(() => head(key));
    },

    async delete(key) {
      const Key = nameOf(key);
      const { sdk, client } = await connected();
      await inWords(() => client.send(new sdk.DeleteObjectCommand({ Bucket, Key })));
    },

    async *list(wanted) {
      for await (const { Key = "" } of listObjects(await connected(), Bucket, prefix + wanted)) {
        const key = Key.slice(prefix.length);
        if (!key.startsWith(INCOMING)) yield key;
      }
    },

    async removeDrafts(before) {
      return inWords(async () => removeUnfinished(await connected(), Bucket, prefix, before));
    },

    incoming: settings.directUploads ? s3IncomingArea(connected, settings) : undefined,
  };
}
