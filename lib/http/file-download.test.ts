import { expect, it } from "vitest";
import { fileDownload } from "@/lib/http/file-download";

const CONTENT = "0123456789";
const finishedAt = new Date("2026-01-01T00:00:00Z");
const file = {
  fileName: 'Résumé "1".csv',
  contentType: "text/csv; charset=utf-8",
  sizeBytes: CONTENT.length,
  sha256: "abc",
  finishedAt,
  async *read({ start, end }: { start: number; end: number }) {
    await Promise.resolve();
    yield Buffer.from(CONTENT).subarray(start, end);
  },
};
const get = (headers: Record<string, string> = {}, method = "GET") =>
  fileDownload(new Request("http://localhost/f", { headers, method }), file);

it("sends the whole file with its name, length and tag", async () => {
  const response = get();
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(CONTENT);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-length": "10",
    "accept-ranges": "bytes",
    etag: '"abc"',
    "content-disposition": `attachment; filename="R_sum_ _1_.csv"; filename*=UTF-8''R%C3%A9sum%C3%A9%20%221%22.csv`,
  });
});

it.each([
  ["bytes=2-4", "234", "bytes 2-4/10"],
  ["bytes=7-", "789", "bytes 7-9/10"],
  ["bytes=8-99", "89", "bytes 8-9/10"],
  ["bytes=-3", "789", "bytes 7-9/10"],
  ["bytes=-99", CONTENT, "bytes 0-9/10"],
])("sends the range %s", async (range, text, contentRange) => {
  const response = get({ range });
  expect(response.status).toBe(206);
  expect(response.headers.get("content-range")).toBe(contentRange);
  expect(response.headers.get("content-length")).toBe(String(text.length));
  expect(await response.text()).toBe(text);
});

it.each(["bytes=10-", "bytes=99-100", "bytes=-0"])(
  "refuses the range %s, which the file has nothing of",
  (range) => {
    const response = get({ range });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */10");
  },
);

it.each(["bytes=0-1,4-5", "bytes=5-2", "rows=1-2", "bytes=x-y", "bytes=-"])(
  "passes over the range %s",
  async (range) => {
    const response = get({ range });
    expect([response.status, await response.text()]).toEqual([200, CONTENT]);
  },
);

it("sends a range only of the version that the client has", () => {
  const range = "bytes=0-1";
  expect(get({ range, "if-range": '"abc"' }).status).toBe(206);
  expect(get({ range, "if-range": finishedAt.toUTCString() }).status).toBe(206);
  expect(get({ range, "if-range": '"other"' }).status).toBe(200);
  expect(get({ range, "if-range": 'W/"abc"' }).status).toBe(200);
});

it("sends nothing that the client has already, and no body to HEAD", async () => {
  expect(get({ "if-none-match": 'W/"x", "abc"' }).status).toBe(304);
  expect(get({ "if-none-match": '"x"' }).status).toBe(200);
  const head = get({}, "HEAD");
  expect([head.headers.get("content-length"), await head.text()]).toEqual(["10", ""]);
});
