import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Store } from "@/lib/storage/drivers/s3";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import { chunksOf } from "@/lib/storage/testing";
import { startS3Server, type S3Fault, type S3TestServer } from "@/lib/storage/testing/s3-server";

describe("what goes wrong between Ferry and an object store", () => {
  let server: S3TestServer;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.close());

  const store = (url = server.url(), credentials = server.credentials) =>
    s3Store(parseS3Url(url), credentials, [1, 1]);
  const put = (url?: string, credentials?: S3TestServer["credentials"]) =>
    store(url, credentials).put("probe", chunksOf(Buffer.from("x")));

  it.each<[string, S3Fault, string, RegExp]>([
    ["no permission", { status: 403, code: "AccessDenied" }, "storage-access-denied", /does not allow this/],
    ["a clock apart", { status: 403, code: "RequestTimeTooSkewed" }, "storage-clock-skew", /Set the clock/],
    ["a full store", { status: 507, code: "XMinioStorageFull" }, "storage-full", /no room left/],
    ["a quota", { status: 403, code: "QuotaExceeded" }, "storage-full", /quota is used up/],
    [
      "another region",
      { status: 400, code: "AuthorizationHeaderMalformed", extra: "<Region>eu-west-3</Region>" },
      "storage-wrong-region",
      /another region .* Its region is "eu-west-3"/,
    ],
    [
      "another endpoint",
      { status: 301, code: "PermanentRedirect" },
      "storage-wrong-region",
      /another endpoint/,
    ],
    ["a busy store", { status: 503, code: "SlowDown" }, "storage-unavailable", /is busy/],
    ["a fault of its own", { status: 500, code: "InternalError" }, "storage-unavailable", /fault of its own/],
    [
      "damage on the way",
      { status: 400, code: "BadDigest" },
      "storage-damaged-on-the-way",
      /damaged on their way/,
    ],
    ["expired credentials", { status: 400, code: "ExpiredToken" }, "storage-credentials", /S3_ACCESS_KEY_ID/],
    ["too large", { status: 400, code: "EntityTooLarge" }, "storage-too-large", /too large/],
    ["something new", { status: 400, code: "NobodyKnows" }, "storage-failed", /\(NobodyKnows, 400\)/],
    ["a dead connection", "cut-before", "storage-unreachable", /cannot be reached/],
  ])("says %s in its own words", async (_, fault, code, message) => {
    server.fault = () => fault;
    const failure = await put().catch((error: unknown) => error);
    server.fault = () => undefined;
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  it("tells a web page from an object store", async () => {
    server.fault = () => ({ page: "<html><body><h1>Welcome!</h1></body></html>" });
    const keys = store().list("")[Symbol.asyncIterator]();
    const failure = await keys.next().catch((error: unknown) => error);
    const written = await put().catch((error: unknown) => error);
    server.fault = () => undefined;
    expect(failure).toMatchObject({ code: "storage-not-s3" });
    expect(written).toMatchObject({ code: "storage-not-s3" });
  });

  it("tells a wrong secret and an unknown key from a missing permission", async () => {
    const { accessKeyId, secretAccessKey } = server.credentials;
    await expect(put(undefined, { accessKeyId, secretAccessKey: "wrong" })).rejects.toMatchObject({
      code: "storage-credentials",
    });
    await expect(put(undefined, { accessKeyId: "nobody", secretAccessKey })).rejects.toMatchObject({
      code: "storage-credentials",
    });
  });

  it("tells a missing bucket from a missing object", async () => {
    const elsewhere = server.url().replace("ferry-test", "not-there");
    await expect(put(elsewhere)).rejects.toMatchObject({ code: "storage-bucket-missing" });
    await expect(store(elsewhere).stat("a")).rejects.toMatchObject({ code: "storage-bucket-missing" });
    expect(await store().stat("a")).toBeUndefined();
  });

  it("tells a closed port, a name that is none, and a server without TLS", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => free.once("listening", resolve));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    const at = (endpoint: string) => `s3://bucket/?endpoint=${encodeURIComponent(endpoint)}`;
    await expect(put(at(`http://127.0.0.1:${port}`))).rejects.toMatchObject({ code: "storage-unreachable" });
    await expect(put(at("http://nowhere.invalid"))).rejects.toMatchObject({ code: "storage-unreachable" });
    const plain = new URL(decodeURIComponent(server.url().split("endpoint=")[1]!));
    await expect(put(at(`https://${plain.host}`))).rejects.toMatchObject({ code: "storage-untrusted" });
  });

  it("keeps the request, its signature and the secret out of what is logged", async () => {
    const credentials = { accessKeyId: "S3RVER", secretAccessKey: "not-the-right-secret" };
    const failure = (await put(undefined, credentials).catch((error: unknown) => error)) as Error;
    const logged = JSON.stringify([failure, failure.cause, String(failure.cause), failure.stack]);
    expect(logged).not.toMatch(/not-the-right-secret|authorization|Signature=/i);
    expect(String(failure.cause)).toMatch(/SignatureDoesNotMatch \(403\)/);
  });
});

describe("a storage URL of S3", () => {
  it("has defaults for Amazon's store and for one's own", () => {
    expect(parseS3Url("s3://my-bucket")).toEqual({
      bucket: "my-bucket",
      prefix: "",
      endpoint: undefined,
      publicEndpoint: undefined,
      region: "us-east-1",
      forcePathStyle: false,
      checksum: "crc32",
      directUploads: true,
    });
    expect(
      parseS3Url(
        "s3://my-bucket/ferry/one/?endpoint=https://minio.example.org:9000&region=eu-1&directUploads=false",
      ),
    ).toMatchObject({
      prefix: "ferry/one/",
      endpoint: "https://minio.example.org:9000",
      region: "eu-1",
      forcePathStyle: true,
      checksum: "md5",
      directUploads: false,
    });
  });

  it.each([
    ["s3://", /does not name a bucket/],
    ["s3:bucket", /not of the form/],
    ["s3://KEY:hush@bucket", /must not hold credentials/],
    ["s3://bucket/a/../b", /prefix/],
    ["s3://bucket?endpont=https://x.org", /endpont/],
    ["s3://bucket?endpoint=ftp://x.org", /endpoint/],
    ["s3://bucket?forcePathStyle=yes", /forcePathStyle/],
  ])("that is %s is refused in words", (url, message) => {
    expect(() => parseS3Url(url)).toThrow(message);
    expect(() => parseS3Url(url)).not.toThrow(/hush/);
  });
});
