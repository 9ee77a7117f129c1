import { afterAll, beforeAll, expect, it } from "vitest";
import { GET as list, POST as create } from "@/app/api/v1/collections/route";
import type { Collection } from "@/lib/contracts/collections";
import type { Page } from "@/lib/contracts/common";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { withIdempotency } from "./idempotency";

let app: TestApp;
let user: TestUser;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

async function send(body: object, key: string, as = user): Promise<Response> {
  return call(create, { url: "/api/v1/collections", body, as, headers: { "idempotency-key": key } });
}

async function names(as = user): Promise<string[]> {
  const page = (await (await call(list, { as })).json()) as Page<Collection>;
  return page.items.map((c) => c.name);
}

it("carries a repeated request out once and gives the first answer again", async () => {
  user = await app.newUser();
  const first = await send({ name: "Once" }, "k1");
  const again = await send({ name: "Once" }, "k1");
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(first.headers.has("idempotency-replayed")).toBe(false);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(again.headers.get("location")).toBe(first.headers.get("location"));
  expect(await again.text()).toBe(await first.text());
  expect(await names()).toEqual(["Once"]);
});

it("carries one of many requests at the same time out", async () => {
  user = await app.newUser();
  const answers = await Promise.all(Array.from({ length: 6 }, () => send({ name: "Race" }, "k1")));
  const statuses = answers.map((a) => a.status);
  expect(statuses.filter((s) => s === 201).length).toBeGreaterThanOrEqual(1);
  expect(statuses.every((s) => s === 201 || s === 409)).toBe(true);
  expect(await names()).toEqual(["Race"]);
});

it("refuses the key for another body, and keeps users' keys apart", async () => {
  user = await app.newUser();
  await send({ name: "Mine" }, "k1");
  const other = await send({ name: "Other" }, "k1");
  expect(other.status).toBe(422);
  expect(((await other.json()) as { code: string }).code).toBe("idempotency-mismatch");
  const neighbour = await app.newUser();
  expect((await send({ name: "Theirs" }, "k1", neighbour)).status).toBe(201);
});

it("keeps a refusal of what was sent, too", async () => {
  user = await app.newUser();
  expect((await send({ name: "" }, "k1")).status).toBe(422);
  const again = await send({ name: "" }, "k1");
  expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([422, "true"]);
  expect(again.headers.get("content-type")).toBe("application/problem+json");
});

it("forgets what failed on our side or is to be tried again later, so that a repetition can succeed", async () => {
  user = await app.newUser();
  const ctx = { ...app.ctx, ownerId: user.id };
  const request = () =>
    new Request("http://localhost/x", { method: "POST", headers: { "idempotency-key": "k1" } });
  for (const status of [500, 503, 429]) {
    const answer = await withIdempotency(ctx, request(), {}, () =>
      Promise.resolve(new Response(null, { status })),
    );
    expect(answer.status).toBe(status);
  }
  const answer = await withIdempotency(ctx, request(), {}, () => Promise.resolve(new Response("done")));
  expect(await answer.text()).toBe("done");
});

it("takes a claim over that a dead process left behind, and says while one is alive", async () => {
  user = await app.newUser();
  const ctx = { ...app.ctx, ownerId: user.id };
  let finish = (_: Response) => undefined as void;
  const begun = withIdempotency(ctx, request(), {}, () => new Promise((resolve) => (finish = resolve)));
  await expect
    .poll(async () => {
      const [row] = await ctx.db
        .sql`select count(*)::int as n from idempotency_keys where owner_id = ${user.id}`;
      return row?.n as number;
    })
    .toBe(1);
  await expect(withIdempotency(ctx, request(), {}, unreachable)).rejects.toMatchObject({ status: 409 });
  await ctx.db
    .sql`update idempotency_keys set created_at = now() - interval '10 minutes' where owner_id = ${user.id}`;
  const taken = await withIdempotency(ctx, request(), {}, () => Promise.resolve(new Response("second")));
  expect(await taken.text()).toBe("second");
  finish(new Response("first"));
  await begun;
});

it("refuses a body that is larger than allowed, announced or not", async () => {
  user = await app.newUser();
  const body = `{"name": "${"x".repeat(11 * 1024 * 1024)}"}`;
  expect((await call(create, { body, as: user })).status).toBe(413);
});

function request(): Request {
  return new Request("http://localhost/x", { method: "POST", headers: { "idempotency-key": "k1" } });
}

function unreachable(): Promise<Response> {
  throw new Error("must not run");
}
