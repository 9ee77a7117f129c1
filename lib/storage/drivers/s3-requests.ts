import type { _Object, GetObjectCommandOutput } from "@aws-sdk/client-s3";
import type { S3Connection } from "@/lib/storage/drivers/s3-client";
import { isMissing, isUnsupported, notS3, storageProblem } from "@/lib/storage/drivers/s3-problems";
import { StorageProblem } from "@/lib/storage/problems";
import { ObjectDamagedError } from "@/lib/storage/store";

/** Every object whose name begins with `Prefix`, a page of at most 1,000 at a time. */
export async function* listObjects(
  { sdk, client }: S3Connection,
  Bucket: string,
  Prefix: string,
): AsyncIterable<_Object> {
  let ContinuationToken: string | undefined;
  do {
    const command = new sdk.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken });
    const page = await inWords(() => client.send(command));
    // A web page is XML enough to be taken for an empty list.
    if (page.Name === undefined && page.IsTruncated === undefined) throw notS3();
    yield* page.Contents ?? [];
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (ContinuationToken !== undefined);
}

/** Gives up the multipart uploads below `Prefix` that were begun before that moment. */
export async function removeUnfinished(
  { sdk, client }: S3Connection,
  Bucket: string,
  Prefix: string,
  before: Date,
): Promise<number> {
  let removed = 0;
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  do {
    const command = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix, KeyMarker, UploadIdMarker });
    const page = await client.send(command).catch((error: unknown) => {
      // A server that cannot tell leaves it to a rule of its own (a bucket's life cycle).
      if (isUnsupported(error)) return undefined;
      throw error;
    });
    for (const { Key, UploadId, Initiated } of page?.Uploads ?? []) {
      if (!Key?.startsWith(Prefix) || !Initiated || Initiated >= before) continue;
      await client
        .send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
        .catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
      removed++;
    }
    KeyMarker = page?.IsTruncated ? page.NextKeyMarker : undefined;
    UploadIdMarker = page?.NextUploadIdMarker;
  } while (KeyMarker !== undefined);
  return removed;
}

/** The bytes of an answer, cut to the range where the server sent more; fewer than announced is a broken connection. */
export async function* bodyBytes(
  key: string,
  { Body, ContentLength, ContentRange }: GetObjectCommandOutput,
  start: number,
  end: number | undefined,
): AsyncIterable<Uint8Array> {
  if (!Body) return;
  let position = Number(/^bytes (\d+)-/.exec(ContentRange ?? "")?.[1] ?? 0);
  let receivedBytes = 0;
  try {
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      receivedBytes += chunk.byteLength;
      const from = Math.max(0, start - position);
      const to = Math.min(chunk.byteLength, (end ?? Number.MAX_SAFE_INTEGER) - position);
      position += chunk.byteLength;
      if (to > from) yield chunk.subarray(from, to);
      if (end !== undefined && position >= end) return;
    }
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Checksum mismatch")) {
      throw new ObjectDamagedError(key, "its checksum is not the one it was stored with");
    }
    throw storageProblem(error);
  }
  if (ContentLength !== undefined && receivedBytes < ContentLength) {
    throw new StorageProblem("storage-unreachable", "The connection to the object store broke.", {
      isTransient: true,
    });
  }
}

/** Failures of requests as StorageProblem. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageProblem(error);
  }
}
