import { StorageProblem, type StorageProblemCode } from "@/lib/storage/problems";

interface S3Failure {
  /** The error's code as S3 names it, or Node's code of a broken connection. */
  code: string;
  status: number | undefined;
  region: string | undefined;
}

interface Kind {
  code: StorageProblemCode;
  message: string;
  isTransient?: boolean;
  matches: (failure: S3Failure) => boolean;
}

const codes =
  (...names: string[]) =>
  (failure: S3Failure) =>
    names.includes(failure.code);
const codeOrStatus =
  (status: number[], ...names: string[]) =>
  (failure: S3Failure) =>
    names.includes(failure.code) || (failure.status !== undefined && status.includes(failure.status));

/** In this order: a code says more than a status, and a 403 may be many things. */
const KINDS: Kind[] = [
  {
    code: "storage-bucket-missing",
    message:
      "The bucket that STORAGE_URL names does not exist in the object store. Create it, or correct the name.",
    matches: codes("NoSuchBucket"),
  },
  {
    code: "storage-clock-skew",
    message:
      "The clocks of this machine and of the object store differ too much, so that it refuses every request. Set the clock.",
    isTransient: true,
    matches: codes("RequestTimeTooSkewed"),
  },
  {
    code: "storage-credentials",
    message:
      "The object store does not accept the credentials: check S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY (or where else they come from).",
    matches: codes(
      "InvalidAccessKeyId",
      "SignatureDoesNotMatch",
      "InvalidToken",
      "ExpiredToken",
      "TokenRefreshRequired",
      "CredentialsProviderError",
    ),
  },
  {
    code: "storage-full",
    message:
      "The object store has no room left, or its quota is used up. Nothing was kept of what was being written.",
    matches: codeOrStatus(
      [507],
      "QuotaExceeded",
      "XMinioStorageFull",
      "XMinioAdminBucketQuotaExceeded",
      "InsufficientStorage",
      "StorageFull",
      "ServiceQuotaExceededException",
      "storage_cap_exceeded",
    ),
  },
  {
    code: "storage-wrong-region",
    message: "The bucket lies in another region than STORAGE_URL says, or belongs to another endpoint.",
    matches: codeOrStatus(
      [301, 307],
      "PermanentRedirect",
      "TemporaryRedirect",
      "AuthorizationHeaderMalformed",
      "IllegalLocationConstraintException",
      "InvalidRegion",
    ),
  },
  {
    code: "storage-damaged-on-the-way",
    message: "Bytes were damaged on their way to the object store, and it refused them.",
    isTransient: true,
    matches: codes("BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "IncompleteBody"),
  },
  {
    code: "storage-too-large",
    message: "The object store refused an object or a part as too large.",
    matches: codeOrStatus([413], "EntityTooLarge"),
  },
  {
    code: "storage-unavailable",
    message: "The object store is busy or has a fault of its own. Try again in a while.",
    isTransient: true,
    matches: codeOrStatus(
      [429, 500, 502, 503, 504],
      "InternalError",
      "RequestTimeout",
      "ServiceUnavailable",
      "SlowDown",
      "OperationAborted",
      "ThrottlingException",
      "TooManyRequests",
    ),
  },
  {
    code: "storage-access-denied",
    message:
      "The object store knows the credentials but does not allow this: they must be allowed to list the bucket, and to read, write and delete its objects.",
    matches: codeOrStatus([401, 403], "AccessDenied", "AllAccessDisabled", "Forbidden"),
  },
  {
    code: "storage-untrusted",
    message:
      "The connection to the object store cannot be trusted: its certificate is not valid, or it does not speak TLS at this address.",
    matches: ({ code }) =>
      code.includes("CERT") || code.startsWith("ERR_TLS") || /^(EPROTO|ERR_SSL)/.test(code),
  },
  {
    code: "storage-unreachable",
    message:
      "The object store cannot be reached, or the connection to it broke. Check the endpoint in STORAGE_URL.",
    isTransient: true,
    matches: codes(
      "ECONNREFUSED",
      "ECONNRESET",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "ENOTFOUND",
      "EAI_AGAIN",
      "EPIPE",
      "ETIMEDOUT",
      "ERR_STREAM_PREMATURE_CLOSE",
      "TimeoutError",
      "AbortError",
    ),
  },
];

/** What a failed request to the store means, in words. A StorageProblem comes back as it is. */
export function storageProblem(error: unknown): StorageProblem {
  if (error instanceof StorageProblem) return error;
  const failure = failureOf(error);
  const cause = causeOf(error, failure);
  const kind = KINDS.find((candidate) => candidate.matches(failure));
  if (kind) {
    const { code, isTransient } = kind;
    const known = kind.code === "storage-wrong-region" && failure.region;
    const message = known ? `${kind.message} Its region is "${failure.region}".` : kind.message;
    return new StorageProblem(code, message, { cause, isTransient });
  }
  // No code that S3 knows, and an answer that could not be read: a web page, a proxy.
  if (failure.status === undefined || failure.code === "" || isUnreadable(error)) {
    return notS3(cause);
  }
  const named = /^[A-Za-z0-9]{1,60}$/.test(failure.code)
    ? `${failure.code}, ${failure.status}`
    : failure.status;
  return new StorageProblem("storage-failed", `The object store refused a request (${named}).`, {
    cause: error,
  });
}

export function notS3(cause?: Error): StorageProblem {
  return new StorageProblem(
    "storage-not-s3",
    "What answers at the endpoint in STORAGE_URL does not speak the S3 protocol.",
    { cause },
  );
}

/** What the log may hold: the SDK's own error carries the whole connection, and the request with its signature. */
function causeOf(error: unknown, { code, status }: S3Failure): Error {
  const said = error instanceof Error ? error.message.slice(0, 300) : "";
  return new Error(`${code || "an error"} (${status ?? "no answer"}): ${said}`);
}

/** The object (or the upload) is not there; says nothing about the bucket when the answer had no body. */
export function isMissing(error: unknown): boolean {
  const { code, status } = failureOf(error);
  return code === "NoSuchKey" || code === "NotFound" || (status === 404 && code !== "NoSuchBucket");
}

export function hasS3Code(error: unknown, ...names: string[]): boolean {
  return names.includes(failureOf(error).code);
}

/** The server has no such operation: some leave out the listing of unfinished uploads, or more. */
export function isUnsupported(error: unknown): boolean {
  const { code, status } = failureOf(error);
  return code === "NotImplemented" || code === "MethodNotAllowed" || status === 501 || status === 405;
}

export function statusOf(error: unknown): number | undefined {
  return failureOf(error).status;
}

function failureOf(error: unknown): S3Failure {
  const found = asObject(error);
  const metadata = asObject(found.$metadata);
  const headers = asObject(asObject(found.$response).headers);
  const s3Code = text(found.Code) ?? text(found.name) ?? "";
  const nodeCode = text(found.code);
  return {
    // A broken connection is a plain Error with Node's code.
    code: nodeCode !== undefined && s3Code === "Error" ? nodeCode : s3Code === "Error" ? "" : s3Code,
    status: typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined,
    region: text(found.Region) ?? text(headers["x-amz-bucket-region"]),
  };
}

function isUnreadable(error: unknown): boolean {
  return (
    error instanceof SyntaxError ||
    /deserializ|is not expected/i.test(error instanceof Error ? error.message : "")
  );
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
