import { afterAll, beforeAll, expect, it } from "vitest";
import { GET as health } from "@/app/healthz/route";
import { GET as metrics } from "@/app/metrics/route";
import { GET as ready } from "@/app/readyz/route";
import { openWorkerSession } from "@/db/engine/workers";
import { call, startTestApp, type TestApp } from "@/lib/http/testing";
import { newId } from "@/lib/platform/ids";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

it("is healthy while it answers", async () => {
  const response = await call(health);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok" });
});

it("is ready while database and storage answer and a worker lives", async () => {
  const before = await call(ready);
  expect(before.status).toBe(503);
  expect(await before.json()).toEqual({
    status: "unavailable",
    checks: { database: "ok", engine: "unavailable", storage: "ok" },
  });

  const worker = await openWorkerSession(app.ctx.db.url, {
    onJoin: () => undefined,
    onWake: () => undefined,
    onError: () => undefined,
  });
  const during = await call(ready);
  expect(during.status).toBe(200);
  expect(await during.json()).toEqual({
    status: "ok",
    checks: { database: "ok", engine: "ok", storage: "ok" },
  });
  await worker.close();

  // A worker that died without a word leaves its row behind, but not its lock.
  await app.ctx.db.sql`insert into engine.worker default values`;
  expect((await call(ready)).status).toBe(503);
});

it("reports metrics that Prometheus can read", async () => {
  const { id } = await app.newUser();
  const job = newId();
  await app.ctx.db.sql`insert into jobs (id, owner_id, kind, subject_id, title)
                       values (${job}, ${id}, 'import', ${job}, 'x.csv')`;
  const response = await call(metrics);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  expect(text).toContain("ferry_users 1\n");
  expect(text).toContain('ferry_jobs{kind="import",state="pending"} 1\n');
  for (const line of text.trimEnd().split("\n")) {
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+)$/);
  }
});
