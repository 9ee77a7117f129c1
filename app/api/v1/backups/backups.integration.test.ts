import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Backup } from "@/lib/contracts/backups";
import type { Page } from "@/lib/contracts/common";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { newX25519Identity } from "@/lib/platform/age/x25519";
import { runBackup } from "@/lib/services/backups/run-backup";
import { createCollection } from "@/lib/services/collections/create";
import { createRecord } from "@/lib/services/records/create";
import { GET as download } from "./[id]/download/route";
import { DELETE, GET } from "./[id]/route";
import { POST as undelete } from "./[id]/undelete/route";
import { POST as verify } from "./[id]/verify/route";
import { GET as list, POST } from "./route";

let app: TestApp;
let user: TestUser;
beforeAll(async () => {
  app = await startTestApp();
  user = await app.newUser();
  const ctx = { ...app.ctx, ownerId: user.id };
  const fields = [{ name: "title", type: "text" as const }];
  const collection = await createCollection(ctx, { name: "Notes", fields });
  await createRecord(ctx, collection.id, { data: { title: "one" } });
});
afterAll(() => app.stop());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  call(POST, { method: "POST", url: "/api/v1/backups", body, as: user, headers });

async function made(body: object = {}): Promise<Backup> {
  const { id } = (await (await post(body)).json()) as Backup;
  await runBackup(app.ctx, id);
  return (await (await call(GET, { params: { id }, as: user })).json()) as Backup;
}

it("is asked for with 202 and the place where it will be", async () => {
  const response = await post({ type: "full" }, { "idempotency-key": "one" });
  const backup = (await response.json()) as Backup;
  expect(response.status).toBe(202);
  expect(response.headers.get("location")).toBe(`/api/v1/backups/${backup.id}`);
  expect(backup).toMatchObject({ state: "pending", type: "full", encryption: { mode: "server" } });
  const again = await post({ type: "full" }, { "idempotency-key": "one" });
  expect(((await again.json()) as Backup).id).toBe(backup.id);
});

it("refuses recipients that are none and passphrases that are short, and repeats neither", async () => {
  const recipients = ["age1x"];
  const wrong = await post({ encryption: { mode: "recipients", recipients } });
  expect(wrong.status).toBe(422);
  expect(await wrong.json()).toMatchObject({ errors: [{ path: "encryption.recipients.0" }] });
  const short = await post({ encryption: { mode: "passphrase", passphrase: "hunter2" } });
  expect(short.status).toBe(422);
  expect(await short.text()).not.toContain("hunter2");
});

it("is downloaded whole, in ranges, and listed", async () => {
  const backup = await made();
  const params = { id: backup.id };
  const whole = await call(download, { params, as: user });
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect(bytes.toString("latin1", 0, 21)).toBe("age-encryption.org/v1");
  expect(bytes.length).toBe(backup.size);
  expect(whole.headers.get("content-disposition")).toMatch(/ferry-backup-.*-full\.tar\.gz\.age/);
  const part = await call(download, { params, as: user, headers: { range: "bytes=4-13" } });
  expect(part.status).toBe(206);
  expect(await part.text()).toBe("encryption");
  const page = (await (
    await call(list, { url: "/api/v1/backups?limit=1", as: user })
  ).json()) as Page<Backup>;
  expect(page.items[0]?.id).toBe(backup.id);
  expect(page.nextCursor).not.toBeNull();
});

it("is verified with a key, or told that the key is wrong", async () => {
  const passphrase = "correct horse battery";
  const { id } = await made({ encryption: { mode: "passphrase", passphrase } });
  const ask = (body?: object) =>
    call(verify, { method: "POST", params: { id }, url: `/api/v1/backups/${id}/verify`, body, as: user });
  const wrong = await ask({ identity: newX25519Identity(randomBytes) });
  expect(wrong.status).toBe(403);
  expect(await wrong.json()).toMatchObject({ code: "wrong-key" });
  expect((await ask({ identity: "AGE-SECRET-KEY-1NOT" })).status).toBe(422);
  const asked = await ask({ passphrase });
  expect(asked.status).toBe(202);
  expect(await asked.json()).toMatchObject({ id });
});

it("is deleted and taken back; one that others need is not deleted alone", async () => {
  const full = await made();
  const child = await made({ type: "incremental" });
  expect(child.parentId).toBe(full.id);
  const remove = (id: string, query = "") =>
    call(DELETE, { method: "DELETE", url: `/api/v1/backups/${id}${query}`, params: { id }, as: user });
  const refused = await remove(full.id);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "backup-in-use" });
  expect((await remove(full.id, "?dependents=true")).status).toBe(200);
  const back = await call(undelete, { method: "POST", params: { id: child.id }, as: user });
  expect(await back.json()).toMatchObject({ deletedAt: null, removedAfter: null });
  const parent = (await (await call(GET, { params: { id: full.id }, as: user })).json()) as Backup;
  expect(parent.deletedAt).toBeNull();
});
