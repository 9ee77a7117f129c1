import { mkdtemp, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import S3rver, { type S3rverContext } from "@20minutes/s3rver";
import type { S3Credentials } from "@/lib/storage/drivers/s3-client";

/** The one account of s3rver. */
const TEST_CREDENTIALS: S3Credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
const BUCKET = "ferry-test";

const CORS = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>
<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>`;

export interface S3Request {
  method: string;
  path: string;
  query: Record<string, string | undefined>;
}

/** What becomes of a request instead of being served; undefined = it is served. */
export type S3Fault =
  | { status: number; code: string; extra?: string }
  | { page: string }
  /** The connection breaks before an answer, or after the work was done, or after this many bytes of the body. */
  | "cut-before"
  | "cut-after"
  | { cutAfterBytes: number };

export interface S3TestServer {
  /** A STORAGE_URL of this server. */
  url(prefix?: string, options?: Record<string, string>): string;
  credentials: S3Credentials;
  requests: S3Request[];
  /** Keys on one page of a list. */
  pageKeys: number;
  /** Asked for each request, with how many of its kind (method and main operation) there were, from 1. */
  fault: (request: S3Request, number: number) => S3Fault | undefined;
  /** Uploads in parts that are neither complete nor given up. */
  unfinished(): Promise<string[]>;
  /** Makes them this many hours older. */
  age(hours: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * An S3-speaking server on loopback, in this process: s3rver, which checks signatures, and in front of it what it
 * lacks on Node 20 (lists of several pages, giving up and listing uploads in parts, comparing a body with its
 * Content-MD5), and the faults of a test.
 */
export async function startS3Server({ cors = true } = {}): Promise<S3TestServer> {
  const directory = await mkdtemp(path.join(tmpdir(), "ferry-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: BUCKET, ...(cors ? { configs: [CORS] } : {}) }],
  });
  server.on("error", () => undefined);
  const uploads = path.join(directory, BUCKET, "._S3rver_uploads");
  const counts = new Map<string, number>();
  const self: S3TestServer = {
    url: (prefix = "", options = {}) =>
      `s3://${BUCKET}/${prefix}?${new URLSearchParams({ endpoint: `http://127.0.0.1:${port}`, ...options })}`,
    credentials: TEST_CREDENTIALS,
    requests: [],
    pageKeys: 1_000,
    fault: () => undefined,
    unfinished: () => readdir(uploads).catch(() => []),
    async age(hours) {
      const then = Date.now() / 1000 - hours * 3600;
      for (const id of await self.unfinished()) await utimes(path.join(uploads, id), then, then);
    },
    async close() {
      server.httpServer.closeAllConnections();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };

  server.middleware.unshift(async (ctx, next) => {
    const request = { method: ctx.method, path: ctx.path, query: { ...ctx.query } };
    self.requests.push(request);
    const kind = `${ctx.method} ${"uploadId" in ctx.query} ${"uploads" in ctx.query}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const fault = self.fault(request, counts.get(kind) ?? 0);
    if (fault && (await answerFault(ctx, fault, next)) === "answered") return;
    // The address of a bucket itself ends with a slash that s3rver leaves out of the signature it compares.
    if (/^\/[^/]+\/$/.test(ctx.path)) delete ctx.headers.authorization;
    if (ctx.method === "DELETE" && ctx.query.uploadId !== undefined) await abortUpload(ctx, uploads);
    else if (ctx.method === "GET" && "uploads" in ctx.query) await listUploads(ctx, uploads);
    else if (ctx.method === "GET" && ctx.path === `/${BUCKET}/`) await listPage(ctx, server, self.pageKeys);
    else if (ctx.query.uploadId !== undefined && !(await self.unfinished()).includes(ctx.query.uploadId)) {
      ctx.req.resume();
      sendError(ctx, 404, "NoSuchUpload");
    } else await next();
    checkDigest(ctx);
  });
  const { port } = await server.run();
  return self;
}

async function answerFault(
  ctx: S3rverContext,
  fault: S3Fault,
  next: () => Promise<void>,
): Promise<"answered" | "serve"> {
  if (fault === "cut-before" || fault === "cut-after") {
    if (fault === "cut-after") await next();
    ctx.respond = false;
    ctx.req.socket.destroy();
    return "answered";
  }
  if ("cutAfterBytes" in fault) {
    const socket = ctx.req.socket;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    let writtenBytes = 0;
    socket.write = (...args: unknown[]) => {
      writtenBytes += (args[0] as { length: number }).length;
      if (writtenBytes < fault.cutAfterBytes) return write(...args);
      socket.destroy();
      return false;
    };
    return "serve";
  }
  ctx.req.resume();
  if ("page" in fault) {
    ctx.status = 200;
    ctx.type = "text/html";
    ctx.body = fault.page;
  } else {
    sendError(ctx, fault.status, fault.code, fault.extra);
  }
  return "answered";
}

function sendError(ctx: S3rverContext, status: number, code: string, extra = ""): void {
  ctx.status = status;
  ctx.type = "application/xml";
  ctx.body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test asked</Message>${extra}</Error>`;
}

/** s3rver does not compare what it received with Content-MD5, which S3 does. */
function checkDigest(ctx: S3rverContext): void {
  const wanted = ctx.headers["content-md5"];
  if (ctx.method !== "PUT" || wanted === undefined || ctx.status >= 300) return;
  const received = Buffer.from(ctx.response.get("etag").replace(/"/g, ""), "hex").toString("base64");
  if (received !== wanted) sendError(ctx, 400, "BadDigest");
}

async function abortUpload(ctx: S3rverContext, uploads: string): Promise<void> {
  await rm(path.join(uploads, ctx.query.uploadId ?? "none"), { recursive: true, force: true });
  ctx.status = 204;
}

async function listPage(ctx: S3rverContext, server: S3rver, pageKeys: number): Promise<void> {
  const { prefix = "", "continuation-token": token = "" } = ctx.query;
  const after = Buffer.from(token, "base64url").toString();
  const { objects } = await server.store.listObjects(BUCKET, { prefix });
  const rest = objects.filter((o) => o.key > after).sort((a, b) => (a.key < b.key ? -1 : 1));
  const page = rest.slice(0, pageKeys);
  const next = rest.length > page.length ? Buffer.from(page.at(-1)!.key).toString("base64url") : undefined;
  const items = page.map(
    (o) =>
      `<Contents><Key>${o.key}</Key><Size>${o.size}</Size><ETag>${o.metadata.etag}</ETag>` +
      `<LastModified>${o.lastModifiedDate.toISOString()}</LastModified></Contents>`,
  );
  ctx.status = 200;
  ctx.type = "application/xml";
  ctx.body =
    `<?xml version="1.0"?><ListBucketResult><Name>${BUCKET}</Name><IsTruncated>${next !== undefined}</IsTruncated>` +
    `${next ? `<NextContinuationToken>${next}</NextContinuationToken>` : ""}${items.join("")}</ListBucketResult>`;
}

async function listUploads(ctx: S3rverContext, uploads: string): Promise<void> {
  let items = "";
  for (const id of await readdir(uploads).catch(() => [])) {
    const folder = path.join(uploads, id);
    const key = await readFile(path.join(folder, "key"), "utf8");
    const initiated = (await stat(folder)).mtime.toISOString();
    items += `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload>`;
  }
  ctx.status = 200;
  ctx.type = "application/xml";
  ctx.body = `<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${items}</ListMultipartUploadsResult>`;
}
