import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { BackupKeys, EmergencyKit } from "@/lib/contracts/backup-keys";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { decrypt } from "@/lib/platform/age/decrypt";
import { x25519Identity } from "@/lib/platform/age/x25519";
import { CreateBackupBody } from "@/lib/contracts/backups";
import { createBackup } from "@/lib/services/backups/create-backup";
import { openDownload } from "@/lib/services/backups/open-download";
import { runBackup } from "@/lib/services/backups/run-backup";
import { createCollection } from "@/lib/services/collections/create";
import { POST as kitRoute } from "./emergency-kit/route";
import { POST as rotateRoute } from "./rotate/route";
import { GET as listRoute } from "./route";

const run = promisify(execFile);

let app: TestApp;
let user: TestUser;
beforeAll(async () => {
  app = await startTestApp({ SIGN_IN_ATTEMPTS_MAX: "3" });
  user = await app.newUser();
});
afterAll(() => app.stop());

async function backedUp(owner: TestUser): Promise<string> {
  const ctx = { ...app.ctx, ownerId: owner.id };
  const { id } = await createBackup(ctx, CreateBackupBody.parse({}));
  await runBackup(app.ctx, id);
  return id;
}

async function keys(as: TestUser): Promise<BackupKeys["items"]> {
  const response = await call(listRoute, { as });
  expect(response.status).toBe(200);
  return ((await response.json()) as BackupKeys).items;
}

function askForKit(as: TestUser, password = as.password, ip = "203.0.113.20"): Promise<Response> {
  const headers = { "x-forwarded-for": ip, "idempotency-key": `${as.id}-${password}` };
  return call(kitRoute, { body: { password }, as, headers });
}

it("lists no key before the first backup, and then public halves only", async () => {
  expect(await keys(user)).toEqual([]);
  await createCollection({ ...app.ctx, ownerId: user.id }, { name: "Notes" });
  await backedUp(user);
  const [key, ...others] = await keys(user);
  expect(others).toEqual([]);
  expect(key).toMatchObject({ retiredAt: null, backups: 1 });
  expect(key!.recipient).toMatch(/^age1[0-9a-z]{58}$/);
  const { stdout } = await run("sh", ["-c", 'printf %s "$0" | sha256sum', key!.recipient]);
  expect(key!.fingerprint).toBe(stdout.slice(0, 16).match(/.{4}/g)!.join("-"));
  expect(JSON.stringify(key)).not.toMatch(/secret/i);
});

it("rotates once for a repeated request; the kit then opens old and new backups", async () => {
  const before = await backedUp(user);
  const rotate = () =>
    call(rotateRoute, { method: "POST", as: user, headers: { "idempotency-key": "rotate" } });
  const first = (await (await rotate()).json()) as BackupKeys;
  expect((await (await rotate()).json()) as BackupKeys).toEqual(first);
  expect(first.items.map(({ retiredAt }) => retiredAt === null)).toEqual([true, false]);
  const after = await backedUp(user);

  const response = await askForKit(user);
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const kit = (await response.json()) as EmergencyKit;
  expect(kit.email).toBe(user.email);
  expect(kit.keys.map(({ recipient }) => recipient)).toEqual(first.items.map(({ recipient }) => recipient));
  for (const [id, key] of [
    [after, kit.keys[0]!],
    [before, kit.keys[1]!],
  ] as const) {
    const { read, sizeBytes } = await openDownload({ ...app.ctx, ownerId: user.id }, id);
    let plainBytes = 0;
    for await (const chunk of decrypt(read({ start: 0, end: sizeBytes }), [x25519Identity(key.identity)])) {
      plainBytes += chunk.length;
    }
    expect(plainBytes).toBeGreaterThan(100);
  }
});

it("makes the key for somebody who prints the kit before the first backup", async () => {
  const early = await app.newUser();
  const kit = (await (await askForKit(early)).json()) as EmergencyKit;
  expect(kit.keys).toHaveLength(1);
  expect(await keys(early)).toHaveLength(1);
});

it("hands no secret to a session alone, and keeps no answer that holds one", async () => {
  const wrong = await askForKit(user, "not my password");
  expect(wrong.status).toBe(403);
  const text = await wrong.text();
  expect(text).toContain('"code":"wrong-password"');
  expect(text).not.toContain("not my password");
  expect((await call(kitRoute, { body: {}, as: user })).status).toBe(422);
  const kept = await app.ctx.db.sql`select 1 from idempotency_keys where body::text ilike '%secret-key%'`;
  expect(kept).toHaveLength(0);
});

it("counts wrong passwords as failed sign-ins", async () => {
  const guessed = await app.newUser();
  for (const word of ["guess 1", "guess 2", "guess 3"]) {
    expect((await askForKit(guessed, word, "203.0.113.21")).status).toBe(403);
  }
  const refused = await askForKit(guessed, guessed.password, "203.0.113.21");
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
  expect((await askForKit(guessed, guessed.password, "203.0.113.22")).status).toBe(200);
});

it("never writes a secret to the log", async () => {
  const lines: string[] = [];
  const ctx = {
    ...app.ctx,
    ownerId: user.id,
    log: new Proxy(app.ctx.log, {
      get:
        () =>
        (...args: unknown[]) => {
          lines.push(JSON.stringify(args));
        },
    }),
  };
  const { openEmergencyKit } = await import("@/lib/services/backups/emergency-kit");
  await openEmergencyKit(ctx, { password: user.password, ip: "203.0.113.23" });
  expect(lines).toHaveLength(1);
  expect(lines.join()).not.toMatch(/secret|horse/i);
});
