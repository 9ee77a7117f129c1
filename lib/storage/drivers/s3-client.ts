import type * as Sdk from "@aws-sdk/client-s3";
import type { S3Settings } from "@/lib/storage/drivers/s3-url";

export interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface S3Connection {
  sdk: typeof Sdk;
  client: Sdk.S3Client;
  /** Signs addresses for browsers: under the name they reach the server by, and without checksums of an empty body. */
  presigning: Sdk.S3Client;
}

const CONNECT_MS_MAX = 5_000;
const SILENCE_MS_MAX = 30_000;
const SOCKETS_MAX = 64;

/**
 * Connects on first use: an installation on the local disk never loads the SDK. Without credentials of ours the SDK
 * looks where it always does (AWS_ACCESS_KEY_ID, profiles, the machine's or container's role).
 */
export function s3Connector(
  settings: S3Settings,
  credentials: S3Credentials | undefined,
): () => Promise<S3Connection> {
  let connection: Promise<S3Connection> | undefined;
  return () => (connection ??= connect(settings, credentials));
}

async function connect(settings: S3Settings, credentials: S3Credentials | undefined): Promise<S3Connection> {
  const sdk = await import("@aws-sdk/client-s3");
  const common = {
    region: settings.region,
    forcePathStyle: settings.forcePathStyle,
    credentials,
    // Ferry repeats requests itself, by one policy for every store.
    maxAttempts: 1,
    followRegionRedirects: false,
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      socketTimeout: SILENCE_MS_MAX,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS_MAX },
    },
  };
  const checked = settings.checksum === "md5" ? "WHEN_REQUIRED" : "WHEN_SUPPORTED";
  return {
    sdk,
    client: new sdk.S3Client({
      ...common,
      endpoint: settings.endpoint,
      requestChecksumCalculation: checked,
      responseChecksumValidation: checked,
    }),
    presigning: new sdk.S3Client({
      ...common,
      endpoint: settings.publicEndpoint ?? settings.endpoint,
      requestChecksumCalculation: "WHEN_REQUIRED",
    }),
  };
}
