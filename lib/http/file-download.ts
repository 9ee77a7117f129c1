/** A file whose bytes can be read from anywhere. `sha256` in hex names its content. */
interface StoredFile {
  fileName: string;
  contentType: string;
  sizeBytes: number;
  sha256: string;
  finishedAt: Date;
  read(range: { start: number; end: number }): AsyncIterable<Uint8Array>;
}

/**
 * Sends a file that is at rest (RFC 9110): the whole, or the one range that `Range` asks for. A list of several ranges
 * is answered with the whole, as the standard allows; If-Range keeps two versions from being mixed.
 */
export function fileDownload(request: Request, file: StoredFile): Response {
  const etag = `"${file.sha256}"`;
  const headers = {
    ...attachment(file.fileName, file.contentType),
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    "last-modified": file.finishedAt.toUTCString(),
    etag,
  };
  if (matches(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  const range = rangeOf(request, file, etag);
  if (range === "unsatisfiable") {
    return new Response(null, {
      status: 416,
      headers: { ...headers, "content-range": `bytes */${file.sizeBytes}` },
    });
  }
  const { start, end } = range ?? { start: 0, end: file.sizeBytes };
  const status = range ? 206 : 200;
  const length = { "content-length": String(end - start) };
  const part: Record<string, string> = range
    ? { "content-range": `bytes ${start}-${end - 1}/${file.sizeBytes}` }
    : {};
  const body = request.method === "HEAD" ? null : streamOf(file.read({ start, end }));
  return new Response(body, { status, headers: { ...headers, ...length, ...part } });
}

/** Sends a file that is made while it is sent. `onEnd` is called however that ends. */
export function liveDownload(
  file: { fileName: string; contentType: string; body: AsyncIterable<Uint8Array> },
  onEnd: () => void,
): Response {
  const headers = { ...attachment(file.fileName, file.contentType), "cache-control": "no-store" };
  return new Response(streamOf(file.body, onEnd), { headers });
}

function attachment(fileName: string, contentType: string) {
  // For clients that do not know filename*; no quote and nothing beyond ASCII may stand in it.
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  return {
    "content-type": contentType,
    "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${extValue(fileName)}`,
    "x-content-type-options": "nosniff",
  };
}

/** RFC 8187: encodeURIComponent leaves four characters as they are that are not allowed there. */
function extValue(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function rangeOf(
  request: Request,
  file: StoredFile,
  etag: string,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const header = request.headers.get("range");
  const condition = request.headers.get("if-range");
  if (header === null || (condition !== null && !stillSame(condition, file, etag))) return undefined;
  const asked = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header);
  const [, first, last] = asked ?? [];
  // Not a byte range, several of them, or a senseless one: as if it had not been sent.
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const suffix = Math.min(Number(last), file.sizeBytes);
    return suffix === 0 ? "unsatisfiable" : { start: file.sizeBytes - suffix, end: file.sizeBytes };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= file.sizeBytes) return "unsatisfiable";
  return { start, end: last === "" ? file.sizeBytes : Math.min(Number(last) + 1, file.sizeBytes) };
}

/** If-Range holds a strong ETag or a date; a date is as exact as HTTP's dates are. */
function stillSame(condition: string, file: StoredFile, etag: string): boolean {
  if (condition.startsWith('"')) return condition.trim() === etag;
  return condition === file.finishedAt.toUTCString();
}

function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}

function streamOf(
  bytes: AsyncIterable<Uint8Array>,
  onEnd: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await source.next();
        if (!next.done) return controller.enqueue(next.value);
        onEnd();
        controller.close();
      } catch (error) {
        // The connection ends before the announced length, or the last chunk: the client sees that it is not whole.
        onEnd();
        controller.error(error);
      }
    },
    async cancel() {
      onEnd();
      await source.return?.();
    },
  });
}
