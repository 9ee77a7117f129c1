import { afterAll, beforeAll, expect, it } from "vitest";
import { POST as openRoute } from "@/app/api/v1/shares/open/route";
import { POST as downloadsRoute } from "@/app/api/v1/shares/downloads/route";
import { GET as downloadRoute } from "@/app/api/v1/shares/[id]/download/route";
import { GET as accessesRoute } from "@/app/api/v1/shares/[id]/accesses/route";
import { POST as revokeRoute } from "@/app/api/v1/shares/[id]/revoke/route";
import { GET as listRoute, POST as createRoute } from "@/app/api/v1/exports/[id]/shares/route";
import type { NewShare, SharedDownload } from "@/lib/contracts/shares";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { finishedExport } from "@/lib/services/shares/testing";

const PASSWORD = "a word to share";

let app: TestApp;
let user: TestUser;
let exportId: string;

beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
  exportId = await finishedExport({ ...app.ctx, ownerId: user.id });
});
afterAll(() => app.stop());

async function newShare(body: object = {}, headers: Record<string, string> = {}) {
  const response = await call(createRoute, { as: user, params: { id: exportId }, body, headers });
  expect(response.status).toBe(201);
  const share = (await response.json()) as NewShare;
  expect(response.headers.get("location")).toBe(`/api/v1/shares/${share.id}`);
  return { ...share, token: share.url.replace("/s/", "") };
}

async function begin(token: string): Promise<SharedDownload> {
  const response = await call(downloadsRoute, { body: { token } });
  expect(response.status).toBe(201);
  expect(response.headers.get("cache-control")).toBe("no-store");
  return (await response.json()) as SharedDownload;
}

function fetchPart(id: string, { downloadUrl }: SharedDownload, headers: Record<string, string> = {}) {
  return call(downloadRoute, { url: downloadUrl, params: { id }, headers });
}

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

it("a link is made, used without an account, seen by its owner, and revoked", async () => {
  const share = await newShare({ downloadsMax: 5 });
  expect(share).toMatchObject({ state: "open", downloadsMax: 5, hasPassword: false });
  const opened = await call(openRoute, { body: { token: share.token } });
  expect(await opened.json()).toMatchObject({ state: "open", file: { downloadsLeft: 5, format: "json" } });
  const file = await fetchPart(share.id, await begin(share.token));
  expect(file.status).toBe(200);
  expect(file.headers.get("content-disposition")).toContain("attachment");
  expect(await file.json()).toHaveProperty("ferry");
  const accesses = await call(accessesRoute, { as: user, params: { id: share.id } });
  expect(await accesses.json()).toMatchObject({ items: [{ kind: "downloaded" }, { kind: "opened" }] });
  const list = await call(listRoute, { as: user, params: { id: exportId } });
  expect(await list.json()).toMatchObject({ items: [{ id: share.id, downloadCount: 1, openCount: 1 }] });
  const revoked = await call(revokeRoute, { as: user, params: { id: share.id }, body: {} });
  expect(await revoked.json()).toMatchObject({ state: "revoked" });
  const refused = await call(openRoute, { body: { token: share.token } });
  expect([refused.status, await codeOf(refused)]).toEqual([404, "link-not-open"]);
});

it("a download that breaks off goes on by Range, and is one download", async () => {
  const share = await newShare({ downloadsMax: 1 });
  const begun = await begin(share.token);
  const first = await fetchPart(share.id, begun, { range: "bytes=0-9" });
  expect(first.status).toBe(206);
  const etag = first.headers.get("etag") ?? "";
  const rest = await fetchPart(share.id, begun, { range: "bytes=10-", "if-range": etag });
  expect(rest.status).toBe(206);
  const whole = await (await fetchPart(share.id, begun)).text();
  expect((await first.text()) + (await rest.text())).toBe(whole);
  const again = await call(downloadsRoute, { body: { token: share.token } });
  expect([again.status, await codeOf(again)]).toEqual([404, "link-not-open"]);
  expect(await codeOf(await fetchPart(share.id, { ...begun, downloadUrl: "/?expires=9999999999" }))).toBe(
    "link-invalid",
  );
});

it("passwords are asked for, refused by name, and bounded", async () => {
  const { token } = await newShare({ password: PASSWORD });
  const locked = await call(openRoute, { body: { token } });
  expect(await locked.json()).toEqual({ state: "password-needed" });
  for (let n = 0; n < 10; n += 1) {
    const response = await call(openRoute, { body: { token, password: `guess number ${n}` } });
    expect([response.status, await codeOf(response)]).toEqual([403, "wrong-password"]);
  }
  const bounded = await call(downloadsRoute, { body: { token, password: PASSWORD } });
  expect(bounded.status).toBe(429);
  expect(Number(bounded.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(bounded.headers.get("ratelimit-policy")).toBe("10;w=900");
});

it("a token is told once, and no answer that holds one is kept", async () => {
  const headers = { "idempotency-key": "the same" };
  const [first, second] = [await newShare({}, headers), await newShare({}, headers)];
  expect(second.id).not.toBe(first.id);
  const kept = await app.ctx.db.sql`select body from idempotency_keys`;
  expect(JSON.stringify(kept)).not.toContain("/s/");
});

it("a body that is none is refused by name", async () => {
  const missing = await call(openRoute, { body: {} });
  expect([missing.status, await codeOf(missing)]).toEqual([422, "validation-failed"]);
  const tooLong = await call(createRoute, {
    as: user,
    params: { id: exportId },
    body: { expiresInHours: 90 * 24 + 1 },
  });
  expect(await tooLong.json()).toMatchObject({ status: 422, errors: [{ path: "expiresInHours" }] });
});
