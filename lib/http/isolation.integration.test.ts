import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backups, exports, imports, jobs, notices, restores, shareLinks, uploads } from "@/db/schema";
import { ImportOptionsShape } from "@/lib/contracts/imports";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { isUuid, newId, newIdPrefix } from "@/lib/platform/ids";
import { createCollection } from "@/lib/services/collections/create";
import { createRecord } from "@/lib/services/records/create";

/**
 * How a route keeps users apart. "public": anybody may call it, its own permission is tested elsewhere. "own": it only
 * ever shows or makes things of the caller. Otherwise the route names somebody's thing, and a stranger gets 404;
 * `body` is a valid one, so that nothing else can be the reason.
 *
 * Every route must stand here. A new one that does not fails the first test below.
 */
type Isolation = "public" | "own" | { thing: Thing; body?: object };
type Thing =
  | "collection"
  | "record"
  | "upload"
  | "import"
  | "job"
  | "export"
  | "share"
  | "backup"
  | "notification"
  | "restore";

const ROUTES: Record<string, Isolation> = {
  "POST /auth/sign-up": "public",
  "POST /auth/token": "public",
  "POST /auth/refresh": "public",
  "POST /auth/revoke": "public",
  // The signature in the address is the permission.
  "PUT /uploads/[id]/parts/[number]": "public",
  "GET /mail-opt-out": "public",
  "POST /mail-opt-out": "public",

  "GET /collections": "own",
  "POST /collections": "own",
  "GET /collections/[id]": { thing: "collection" },
  "PATCH /collections/[id]": { thing: "collection", body: { name: "Taken over" } },
  "DELETE /collections/[id]": { thing: "collection" },
  "GET /collections/[id]/matching": { thing: "collection" },
  "PUT /collections/[id]/matching": {
    thing: "collection",
    body: { fields: [{ field: "title", comparator: { kind: "text" }, weight: 1 }] },
  },
  "DELETE /collections/[id]/matching": { thing: "collection" },
  "GET /collections/[id]/deleted": { thing: "collection" },
  "GET /collections/[id]/records": { thing: "collection" },
  "POST /collections/[id]/records": { thing: "collection", body: { data: { title: "Intruder" } } },
  "GET /collections/[id]/records/[recordId]": { thing: "record" },
  "PATCH /collections/[id]/records/[recordId]": { thing: "record", body: { data: { title: "Changed" } } },
  "DELETE /collections/[id]/records/[recordId]": { thing: "record" },
  "GET /collections/[id]/records/[recordId]/history": { thing: "record" },
  "POST /collections/[id]/records/[recordId]/revert": { thing: "record", body: { version: 1 } },

  "GET /backup-keys": "own",
  "POST /backup-keys/rotate": "own",
  "POST /backup-keys/emergency-kit": "own",

  "GET /backup-policy": "own",
  "PUT /backup-policy": "own",
  "POST /backup-policy/preview": "own",

  "GET /storage": "own",
  "POST /storage/test": "own",

  "POST /uploads": "own",
  "GET /uploads/[id]": { thing: "upload" },
  "DELETE /uploads/[id]": { thing: "upload" },
  "POST /uploads/[id]/complete": { thing: "upload", body: { parts: [{ number: 1, etag: "x" }] } },

  "GET /imports": "own",
  "POST /imports": "own",
  "GET /imports/[id]": { thing: "import" },
  "GET /imports/[id]/preview": { thing: "import" },
  "GET /imports/[id]/rows": { thing: "import" },
  "PATCH /imports/[id]/rows/[number]": { thing: "import", body: { values: { title: "Changed" } } },
  "GET /imports/[id]/conflicts": { thing: "import" },
  "GET /imports/[id]/errors.csv": { thing: "import" },
  "GET /imports/[id]/undo": { thing: "import" },
  "GET /imports/[id]/redo": { thing: "import" },
  "PUT /imports/[id]/mapping": { thing: "import", body: { mapping: [] } },
  "POST /imports/[id]/start": { thing: "import", body: {} },
  "POST /imports/[id]/cancel": { thing: "import", body: {} },
  "POST /imports/[id]/matching-trial": { thing: "import", body: {} },
  "POST /imports/[id]/match": { thing: "import", body: {} },
  "POST /imports/[id]/resolve": { thing: "import", body: { globalStrategy: "skip" } },
  "POST /imports/[id]/undo": { thing: "import", body: {} },
  "POST /imports/[id]/redo": { thing: "import", body: {} },

  "GET /collections/[id]/export": { thing: "collection" },
  "GET /exports": "own",
  "POST /exports": "own",
  "GET /exports/[id]": { thing: "export" },
  "DELETE /exports/[id]": { thing: "export" },
  "GET /exports/[id]/download": { thing: "export" },
  "GET /exports/[id]/shares": { thing: "export" },
  "POST /exports/[id]/shares": { thing: "export", body: {} },
  "GET /shares/[id]": { thing: "share" },
  "GET /shares/[id]/accesses": { thing: "share" },
  "POST /shares/[id]/revoke": { thing: "share", body: {} },
  // The token is the permission, and the signature in the address of a download that it began.
  "POST /shares/open": "public",
  "POST /shares/downloads": "public",
  "GET /shares/[id]/download": "public",

  "GET /backups": "own",
  "POST /backups": "own",
  "GET /backups/[id]": { thing: "backup" },
  "DELETE /backups/[id]": { thing: "backup" },
  "GET /backups/[id]/download": { thing: "backup" },
  "POST /backups/[id]/undelete": { thing: "backup" },
  "POST /backups/[id]/verify": { thing: "backup", body: {} },

  "GET /notifications": "own",
  "POST /notifications/read": "own",
  "GET /notification-preferences": "own",
  "PUT /notification-preferences": "own",
  "POST /notifications/[id]/read": { thing: "notification", body: {} },

  "POST /backups/[id]/preview": { thing: "backup", body: {} },
  "POST /backups/[id]/restore": { thing: "backup", body: { planId: newId() } },

  "GET /restores": "own",
  "POST /restores": "own",
  "GET /restores/[id]": { thing: "restore" },
  "DELETE /restores/[id]": { thing: "restore" },
  "POST /restores/[id]/restore": { thing: "restore", body: {} },
  "GET /restores/[id]/undo": { thing: "restore" },
  "POST /restores/[id]/undo": { thing: "restore", body: {} },
  "GET /restores/[id]/redo": { thing: "restore" },
  "POST /restores/[id]/redo": { thing: "restore", body: {} },

  "GET /events": "own",
  "GET /jobs": "own",
  "GET /jobs/[id]": { thing: "job" },
  "GET /jobs/[id]/events": { thing: "job" },
  "POST /jobs/[id]/cancel": { thing: "job", body: {} },
  "POST /jobs/[id]/pause": { thing: "job", body: {} },
  "POST /jobs/[id]/resume": { thing: "job", body: {} },
  "POST /jobs/[id]/retry": { thing: "job", body: {} },
};

type Handler = Parameters<typeof call>[0];
interface Found {
  name: string;
  method: string;
  handler: Handler;
}

const API = path.resolve("app/api/v1");
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

async function everyRoute(): Promise<Found[]> {
  const files = readdirSync(API, { recursive: true, encoding: "utf8" }).filter(
    (file) => path.basename(file) === "route.ts",
  );
  const found: Found[] = [];
  for (const file of files) {
    const module = (await import(path.join(API, file))) as Record<string, Handler | undefined>;
    for (const method of METHODS) {
      const handler = module[method];
      if (handler) found.push({ name: `${method} /${path.dirname(file)}`, method, handler });
    }
  }
  return found;
}

const routes = await everyRoute();

let app: TestApp;
let owner: TestUser;
let stranger: TestUser;
let things: Record<Thing, Record<string, string>>;

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.newUser();
  stranger = await app.newUser();
  things = await thingsOf(owner);
});
afterAll(() => app.stop());

async function thingsOf(user: TestUser): Promise<typeof things> {
  const ctx = { ...app.ctx, ownerId: user.id };
  const { orm } = app.ctx.db;
  const field = { name: "title", type: "text" as const };
  const collection = await createCollection(ctx, { name: "Private", fields: [field] });
  const record = await createRecord(ctx, collection.id, { data: { title: "Secret" } });
  const [upload, job, imported, exported] = [newId(), newId(), newId(), newId()];
  const expiresAt = new Date(Date.now() + 3600_000);
  const ownerId = user.id;
  await orm
    .insert(uploads)
    .values({ id: upload, ownerId, name: "x.csv", sizeBytes: 3, partSizeBytes: 5, expiresAt });
  await orm.insert(jobs).values({ id: job, ownerId, kind: "import", subjectId: imported, title: "x.csv" });
  await orm.insert(imports).values({
    id: imported,
    ownerId,
    uploadId: upload,
    fileName: "x.csv",
    jobId: job,
    collectionId: collection.id,
    detection: {
      source: {},
      columns: ["title"],
      sampleRows: [],
      inferred: { fields: [field], dateOrders: [{ column: "title", order: "none" }] },
    },
    mapping: [],
    options: ImportOptionsShape.parse({}),
    idPrefix: newIdPrefix(),
  });
  await orm.insert(exports).values({
    id: exported,
    ownerId,
    jobId: job,
    request: { format: "json", collections: [] },
    fileName: "x.json",
    contentType: "application/json",
    expiresAt,
  });
  const share = newId();
  await orm
    .insert(shareLinks)
    .values({ id: share, ownerId, exportId: exported, tokenHash: share, expiresAt });
  const backup = newId();
  const chain = { chainId: backup, fullEvery: 7, kind: "full" as const };
  await orm
    .insert(backups)
    .values({ id: backup, ownerId, jobId: job, encryption: { mode: "server" }, ...chain });
  const notice = newId();
  const told = { kind: "backup-failed" as const, fact: "x", title: "Private", message: "Secret" };
  await orm.insert(notices).values({ id: notice, ownerId, ...told });
  const restore = newId();
  const scope = { collections: "all" as const, recordIds: null, search: null };
  await orm.insert(restores).values({
    id: restore,
    ownerId,
    jobId: job,
    backupId: backup,
    fileName: "x.age",
    scope,
    strategy: "skip",
  });
  return {
    collection: { id: collection.id },
    record: { id: collection.id, recordId: record.id },
    upload: { id: upload },
    job: { id: job },
    import: { id: imported, number: "1" },
    export: { id: exported },
    share: { id: share },
    backup: { id: backup },
    restore: { id: restore },
    notification: { id: notice },
  };
}

it("knows every route of the API", () => {
  expect(routes.length).toBeGreaterThan(30);
  expect(routes.map((r) => r.name).filter((name) => !(name in ROUTES))).toEqual([]);
});

describe.each(routes)("$name", ({ name, method, handler }) => {
  const isolation = ROUTES[name];
  if (isolation === undefined || isolation === "public") {
    it("is accounted for", () => expect(isolation).toBe("public"));
    return;
  }
  const body = isolation === "own" ? {} : isolation.body;
  const options = (params?: Record<string, string>) => ({
    method,
    url: `/api/v1${name.slice(name.indexOf("/"))}`,
    ...(params && { params }),
    ...(method !== "GET" && method !== "DELETE" && { body: body ?? {} }),
  });

  it("refuses somebody who is not signed in", async () => {
    const params = isolation === "own" ? {} : things[isolation.thing];
    const response = await call(handler, options(params));
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  if (isolation === "own") return;

  it("answers a stranger as if there were no such thing", async () => {
    const foreign = await call(handler, { ...options(things[isolation.thing]), as: stranger });
    const text = await foreign.text();
    expect(foreign.status, text).toBe(404);
    // Numbers count within a thing: only ids name one.
    const nowhere = Object.fromEntries(
      Object.entries(things[isolation.thing]).map(([key, value]) => [key, isUuid(value) ? newId() : value]),
    );
    const missing = await call(handler, { ...options(nowhere), as: owner });
    expect(missing.status).toBe(404);
    expect(await missing.text()).toBe(text);
  });

  it("answers 404 for an id that is none", async () => {
    const malformed = Object.fromEntries(Object.keys(things[isolation.thing]).map((key) => [key, "1'--"]));
    expect((await call(handler, { ...options(malformed), as: owner })).status).toBe(404);
  });
});

describe("afterwards", () => {
  const single = routes.filter(({ name }) => /^GET \/\w+\/\[id\](\/records\/\[recordId\])?$/.test(name));

  it.each(single)("$name shows the owner's thing, which nobody has changed", async ({ name, handler }) => {
    const isolation = ROUTES[name];
    if (typeof isolation !== "object") throw new Error("a route with an id names a thing");
    const response = await call(handler, { as: owner, params: things[isolation.thing] });
    expect(response.status).toBe(200);
    expect(JSON.stringify(await response.json())).not.toMatch(/Taken over|Intruder|Changed/);
  });
});
