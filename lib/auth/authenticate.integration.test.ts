import { encode } from "next-auth/jwt";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { derivedKey } from "@/lib/platform/env";
import { authenticate } from "./authenticate";
import { sessionCookieName, sessionSecret } from "./session-cookie";

let app: TestApp;
let user: TestUser;
beforeAll(async () => {
  app = await startTestApp({ APP_URL: "http://ferry.example:8080" });
  user = await app.newUser();
});
afterAll(() => app.stop());

async function cookieOf(userId: string): Promise<string> {
  const token = await encode({ token: { sub: userId }, secret: sessionSecret(), maxAge: 60 });
  return `theme=dark; ${sessionCookieName()}=${token}`;
}

function request(method: string, headers: Record<string, string>): Request {
  return new Request("http://localhost:3000/api/v1/collections", { method, headers });
}

it("takes a bearer token, and needs no proof of origin for it", async () => {
  const authorization = `Bearer ${user.accessToken}`;
  await expect(authenticate(request("POST", { authorization }))).resolves.toEqual({
    ownerId: user.id,
    via: "bearer",
  });
});

it("takes the browser's session for reading", async () => {
  const cookie = await cookieOf(user.id);
  await expect(authenticate(request("GET", { cookie }))).resolves.toEqual({
    ownerId: user.id,
    via: "cookie",
  });
});

it.each([
  ["says so itself", { "sec-fetch-site": "same-origin" }, true],
  ["names our host", { origin: "http://localhost:3000", host: "localhost:3000" }, true],
  ["names the public address", { origin: "http://ferry.example:8080", host: "10.0.0.7:3000" }, true],
  ["is a sister site", { "sec-fetch-site": "same-site" }, false],
  ["is another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, false],
  ["names another port", { origin: "http://localhost:4000", host: "localhost:3000" }, false],
  ["hides its origin", { origin: "null" }, false],
  ["says nothing", {}, false],
])("lets a cookie change something only from our own pages: a page that %s", async (_, headers, allowed) => {
  const attempt = authenticate(request("POST", { cookie: await cookieOf(user.id), ...headers }));
  if (allowed) await expect(attempt).resolves.toMatchObject({ via: "cookie" });
  else await expect(attempt).rejects.toMatchObject({ status: 403, code: "csrf" });
});

it.each(["GET", "POST"])(
  "refuses %s with nothing, with damaged and with foreign credentials",
  async (method) => {
    const claims = (audience: string) =>
      new SignJWT()
        .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
        .setSubject(user.id)
        .setIssuer("ferry")
        .setAudience(audience);
    const otherKey = await claims("ferry-api").setExpirationTime("1h").sign(derivedKey("session"));
    const otherUse = await claims("elsewhere").setExpirationTime("1h").sign(derivedKey("access-token"));
    const over = await claims("ferry-api").setExpirationTime("-1s").sign(derivedKey("access-token"));
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: user.id }))}.`;
    const wrong: Record<string, string>[] = [
      {},
      { cookie: `${sessionCookieName()}=forged` },
      { authorization: "Basic YTpi" },
      { authorization: "Bearer" },
      ...[otherKey, otherUse, over, unsigned, "x"].map((token) => ({ authorization: `Bearer ${token}` })),
      // A wrong token is not made good by a cookie.
      { authorization: "Bearer x", cookie: await cookieOf(user.id) },
    ];
    for (const headers of wrong) {
      await expect(authenticate(request(method, headers))).rejects.toMatchObject({ status: 401 });
    }
  },
);

it("refuses the tokens and sessions of a deleted account", async () => {
  const gone = await app.newUser();
  const cookie = await cookieOf(gone.id);
  await app.ctx.db.sql`delete from users where id = ${gone.id}`;
  const authorization = `Bearer ${gone.accessToken}`;
  await expect(authenticate(request("GET", { authorization }))).rejects.toMatchObject({ status: 401 });
  await expect(authenticate(request("GET", { cookie }))).rejects.toMatchObject({ status: 401 });
});
