import { afterAll, beforeAll, expect, it } from "vitest";
import { POST as refresh } from "@/app/api/v1/auth/refresh/route";
import { POST as revoke } from "@/app/api/v1/auth/revoke/route";
import { POST as signUp } from "@/app/api/v1/auth/sign-up/route";
import { POST as token } from "@/app/api/v1/auth/token/route";
import { GET as listCollections } from "@/app/api/v1/collections/route";
import type { Tokens } from "@/lib/contracts/accounts";
import { call, startTestApp, type TestApp } from "@/lib/http/testing";
import { ensureDemoAccount } from "./ensure-demo";
import { signIn } from "./sign-in";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ SIGN_IN_ATTEMPTS_MAX: "3" });
});
afterAll(() => app.stop());

async function signedIn(): Promise<Tokens> {
  const { email, password } = await app.newUser();
  const response = await call(token, { body: { email, password } });
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
}

async function code(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

it("signs up, answers 201 with the user and never the hash", async () => {
  const body = { email: " Ada@Example.org ", password: "engine no. 1", name: "Ada" };
  const response = await call(signUp, { body });
  expect(response.status).toBe(201);
  const { user } = (await response.json()) as { user: Record<string, unknown> };
  expect(user).toMatchObject({ email: "Ada@Example.org", name: "Ada" });
  expect(Object.keys(user).sort()).toEqual(["createdAt", "email", "id", "name"]);
});

it("refuses an address that has an account, in any case", async () => {
  await call(signUp, { body: { email: "grace@example.org", password: "nanosecond" } });
  const again = await call(signUp, { body: { email: "GRACE@example.org", password: "nanosecond" } });
  expect(again.status).toBe(409);
  expect(await code(again)).toBe("email-taken");
});

it.each([
  [{ email: "no address", password: "long enough" }, "email"],
  [{ email: "a@example.org", password: "short" }, "password"],
  [{ email: "a@example.org", password: "x".repeat(201) }, "password"],
  [{ password: "long enough" }, "email"],
])("names what is wrong with a sign-up (%o)", async (body, path) => {
  const response = await call(signUp, { body });
  expect(response.status).toBe(422);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = (await response.json()) as { errors: { path: string }[] };
  expect(problem.errors.map((e) => e.path)).toEqual([path]);
});

it("gives tokens that open the API for 15 minutes", async () => {
  const tokens = await signedIn();
  expect(tokens.expiresIn).toBe(900);
  const response = await call(listCollections, {
    headers: { authorization: `Bearer ${tokens.accessToken}` },
  });
  expect(response.status).toBe(200);
});

it("answers a wrong password and an unknown address alike", async () => {
  const { email } = await app.newUser();
  const wrong = await call(token, { body: { email, password: "not it, sorry" } });
  const unknown = await call(token, { body: { email: "nobody@example.org", password: "not it, sorry" } });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.text()).toBe(await unknown.text());
});

it("rotates refresh tokens, and revokes the family when one is used twice", async () => {
  const first = await signedIn();
  const second = (await (await call(refresh, { body: first })).json()) as Tokens;
  expect(second.refreshToken).not.toBe(first.refreshToken);

  const reused = await call(refresh, { body: first });
  expect(reused.status).toBe(401);
  expect(await code(reused)).toBe("refresh-token-reused");
  expect((await call(refresh, { body: second })).status).toBe(401);
});

it("lets one of many uses of a refresh token at the same time through", async () => {
  const tokens = await signedIn();
  const answers = await Promise.all(Array.from({ length: 8 }, () => call(refresh, { body: tokens })));
  expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
  expect(answers.filter((a) => a.status === 401)).toHaveLength(7);
});

it("revokes: the refresh token is worth nothing afterwards, and an unknown one is no error", async () => {
  const tokens = await signedIn();
  expect((await call(revoke, { body: tokens })).status).toBe(200);
  expect(await code(await call(refresh, { body: tokens }))).toBe("invalid-refresh-token");
  expect((await call(revoke, { body: { refreshToken: "whatever" } })).status).toBe(200);
});

it("slows down after failures at one account from one address, and starts anew after a success", async () => {
  const { email, password } = await app.newUser();
  const attempt = (word: string) =>
    call(token, { body: { email, password: word }, headers: { "x-forwarded-for": "203.0.113.7" } });
  await attempt("wrong 1");
  await attempt("wrong 2");
  expect((await attempt(password)).status).toBe(200);

  for (const word of ["wrong 1", "wrong 2", "wrong 3"]) expect((await attempt(word)).status).toBe(401);
  const refused = await attempt(password);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
  expect(refused.headers.get("ratelimit-limit")).toBe("3");
  expect(refused.headers.get("ratelimit-remaining")).toBe("0");

  const elsewhere = await call(token, {
    body: { email, password },
    headers: { "x-forwarded-for": "203.0.113.8" },
  });
  expect(elsewhere.status).toBe(200);
});

it("does not let attempts at the same time slip past the limit", async () => {
  const { email } = await app.newUser();
  const guesses = Array.from({ length: 10 }, (_, n) =>
    call(token, { body: { email, password: `guess ${n}` }, headers: { "x-forwarded-for": "203.0.113.9" } }),
  );
  const statuses = (await Promise.all(guesses)).map((r) => r.status);
  expect(statuses.filter((s) => s === 401)).toHaveLength(3);
  expect(statuses.filter((s) => s === 429)).toHaveLength(7);
});

it("makes the demo account once, and follows a changed password", async () => {
  const email = "demo@ferry.local";
  const ip = "203.0.113.10";
  expect(await ensureDemoAccount(app.ctx, { email, password: "first password" })).toEqual({ created: true });
  expect(await ensureDemoAccount(app.ctx, { email, password: "first password" })).toEqual({ created: false });
  await ensureDemoAccount(app.ctx, { email, password: "second password" });
  await expect(signIn(app.ctx, { email, password: "first password", ip })).rejects.toThrow("wrong");
  await expect(signIn(app.ctx, { email, password: "second password", ip })).resolves.toMatchObject({ email });
});
