import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { logAccess } from "@/db/queries/share-links";
import { shareAccesses, shareLinks } from "@/db/schema";
import { CreateShareBody } from "@/lib/contracts/shares";
import { createCollection } from "@/lib/services/collections/create";
import type { ServiceContext } from "@/lib/services/context";
import { createExport } from "@/lib/services/exports/create-export";
import { deleteExport } from "@/lib/services/exports/delete-export";
import { CreateExportBody } from "@/lib/contracts/exports";
import { removeExpiredExports } from "@/lib/services/exports/remove-expired";
import { createRecord } from "@/lib/services/records/create";
import { getShare, listAccesses, listShares } from "@/lib/services/shares/get-share";
import { openShare } from "@/lib/services/shares/open-share";
import { removeEndedShares } from "@/lib/services/shares/remove-ended";
import { revokeShare } from "@/lib/services/shares/revoke-share";
import { beginDownload, openSharedDownload } from "@/lib/services/shares/shared-download";
import { finishedExport, shareOf } from "@/lib/services/shares/testing";
import { createTestBench, type TestBench } from "@/lib/services/testing";
import { s3Store } from "@/lib/storage/drivers/s3";
import { parseS3Url } from "@/lib/storage/drivers/s3-url";
import { collect } from "@/lib/storage/testing";
import { startS3Server } from "@/lib/storage/testing/s3-server";
import { encryptedStore } from "@/lib/storage/wrappers/encrypted";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOT_OPEN = { status: 404, code: "link-not-open" };
const PASSWORD = "a word to share";

let bench: TestBench;
let ctx: ServiceContext;

beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  ctx = await bench.newUser();
  bench.clock.shiftMilliseconds = 0;
});

const kindsOf = async (id: string) =>
  (await listAccesses(ctx, id, { limit: 200 })).items.map(({ kind }) => kind);
const signatureOf = (url: string) =>
  Object.fromEntries(new URL(url, "http://localhost").searchParams) as { expires: string; signature: string };

describe("a link to an export", () => {
  it("opens the file for whoever has it, and tells nothing of its owner", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx));
    const opened = await openShare(ctx, { token: share.token });
    expect(opened).toEqual({
      state: "open",
      file: {
        fileName: expect.stringMatching(/^ferry-export-.*\.json$/) as string,
        size: expect.any(Number) as number,
        format: "json",
        expiresAt: share.expiresAt,
        downloadsLeft: null,
        privacy: null,
      },
    });
    expect(await getShare(ctx, share.id)).toMatchObject({ state: "open", openCount: 1, downloadCount: 0 });
  });

  it("says what the file withholds", async () => {
    const fields = [{ name: "name", type: "text" as const, personal: true }];
    const { id } = await createCollection(ctx, { name: "Guests", fields });
    await createRecord(ctx, id, { data: { name: "Ada" } });
    const share = await shareOf(ctx, await finishedExport(ctx, { privacy: { anonymize: true } }));
    const opened = await openShare(ctx, { token: share.token });
    expect(opened).toMatchObject({
      file: {
        privacy: {
          mode: "personal data pseudonymised",
          notice: expect.stringContaining("cannot be turned back") as string,
          fields: [{ collection: "Guests", label: "Name", handling: "pseudonym" }],
          fieldCount: 1,
        },
      },
    });
  });

  it("lasts a week unless told otherwise, and never longer than the file", async () => {
    const exportId = await finishedExport(ctx);
    const day = await shareOf(ctx, exportId, { expiresInHours: 24 });
    expect(new Date(day.expiresAt).getTime() - ctx.now().getTime()).toBeLessThanOrEqual(DAY);
    await ctx.db.sql`update exports set expires_at = now() + interval '100 days' where id = ${exportId}`;
    const week = await shareOf(ctx, exportId);
    expect(Math.round((new Date(week.expiresAt).getTime() - ctx.now().getTime()) / HOUR)).toBe(7 * 24);
    await ctx.db.sql`update exports set expires_at = now() + interval '2 days' where id = ${exportId}`;
    const short = await shareOf(ctx, exportId, { expiresInHours: 90 * 24 });
    expect(Math.round((new Date(short.expiresAt).getTime() - ctx.now().getTime()) / HOUR)).toBe(48);
  });

  it.each([
    { expiresInHours: 0 },
    { expiresInHours: 90 * 24 + 1 },
    { expiresInHours: 1.5 },
    { downloadsMax: 0 },
    { password: "short" },
  ])("is not made with %j", (input) => {
    expect(CreateShareBody.safeParse(input).success).toBe(false);
  });

  it("is made of a finished export only, and by nobody else", async () => {
    const waiting = await createExport(ctx, CreateExportBody.parse({ format: "json" }));
    await expect(shareOf(ctx, waiting.id)).rejects.toMatchObject({ status: 409, code: "export-not-ready" });
    const exportId = await finishedExport(ctx);
    const share = await shareOf(ctx, exportId);
    const stranger = await bench.newUser();
    const missing = { status: 404, code: "not-found" };
    await expect(shareOf(stranger, exportId)).rejects.toMatchObject(missing);
    await expect(listShares(stranger, exportId, { limit: 10 })).rejects.toMatchObject(missing);
    await expect(getShare(stranger, share.id)).rejects.toMatchObject(missing);
    await expect(listAccesses(stranger, share.id, { limit: 10 })).rejects.toMatchObject(missing);
    await expect(revokeShare(stranger, share.id)).rejects.toMatchObject(missing);
    expect(await getShare(ctx, share.id)).toMatchObject({ state: "open" });
    bench.clock.shiftMilliseconds = 8 * DAY;
    await expect(shareOf(ctx, exportId)).rejects.toMatchObject({ status: 410, code: "export-expired" });
  });

  it("is kept without its token and its password", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx), { password: PASSWORD });
    const [row] = await ctx.db.sql`select to_jsonb(s) as row from share_links s where id = ${share.id}`;
    const text = JSON.stringify(row);
    expect(text).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
    expect(text).not.toContain(share.token);
    expect(text).not.toContain(PASSWORD);
    expect(JSON.stringify(await listShares(ctx, share.exportId, { limit: 10 }))).not.toContain(share.token);
  });

  it("is listed, newest first, in pages", async () => {
    const exportId = await finishedExport(ctx);
    const first = await shareOf(ctx, exportId);
    const second = await shareOf(ctx, exportId);
    const page = await listShares(ctx, exportId, { limit: 1 });
    expect(page).toMatchObject({ items: [{ id: second.id }], nextCursor: second.id });
    const rest = await listShares(ctx, exportId, { limit: 1, cursor: second.id });
    expect(rest).toMatchObject({ items: [{ id: first.id }], nextCursor: null });
    await expect(listShares(ctx, exportId, { limit: 1, cursor: "x" })).rejects.toMatchObject({ status: 422 });
  });
});

describe("a link that has ended", () => {
  it("answers like one that never was, and only its owner is told why", async () => {
    const exportId = await finishedExport(ctx);
    const revoked = await shareOf(ctx, exportId, { password: PASSWORD });
    const usedUp = await shareOf(ctx, exportId, { downloadsMax: 1 });
    const expired = await shareOf(ctx, exportId, { expiresInHours: 1 });
    expect(await revokeShare(ctx, revoked.id)).toMatchObject({ state: "revoked" });
    await beginDownload(ctx, { token: usedUp.token });
    bench.clock.shiftMilliseconds = HOUR + 1_000;
    const states = (await listShares(ctx, exportId, { limit: 10 })).items.map(({ state }) => state);
    expect(states).toEqual(["expired", "used-up", "revoked"]);
    const refusalOf = (token: string, password?: string) => {
      const entering = { token, ...(password ? { password } : {}) };
      return Promise.all(
        [openShare, beginDownload].map((enter) =>
          enter(ctx, entering).then(
            () => "let in",
            ({ status, code, message }: { status: number; code: string; message: string }) => ({
              status,
              code,
              message,
            }),
          ),
        ),
      );
    };
    const unknown = await refusalOf(randomBytes(32).toString("base64url"));
    expect(unknown).toMatchObject([NOT_OPEN, NOT_OPEN]);
    for (const { token } of [revoked, usedUp, expired]) expect(await refusalOf(token)).toEqual(unknown);
    expect(await refusalOf(revoked.token, PASSWORD)).toEqual(unknown);
    expect(await refusalOf(revoked.token, "a wrong password")).toEqual(unknown);
  });

  it("stays revoked from the first time on", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx));
    const { revokedAt } = await revokeShare(ctx, share.id);
    bench.clock.shiftMilliseconds = HOUR;
    expect(await revokeShare(ctx, share.id)).toMatchObject({ state: "revoked", revokedAt });
  });
});

describe("a password", () => {
  it("stands before everything that the link leads to", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx), { password: PASSWORD });
    const { token } = share;
    expect(await openShare(ctx, { token })).toEqual({ state: "password-needed" });
    await expect(beginDownload(ctx, { token })).rejects.toMatchObject({ code: "password-needed" });
    const wrong = { status: 403, code: "wrong-password" };
    await expect(openShare(ctx, { token, password: "not this one" })).rejects.toMatchObject(wrong);
    await expect(beginDownload(ctx, { token, password: "not this one" })).rejects.toMatchObject(wrong);
    expect(await openShare(ctx, { token, password: PASSWORD })).toMatchObject({ state: "open" });
    await beginDownload(ctx, { token, password: PASSWORD });
    expect(await kindsOf(share.id)).toEqual(["downloaded", "opened", "wrong-password", "wrong-password"]);
    expect(await getShare(ctx, share.id)).toMatchObject({
      openCount: 1,
      downloadCount: 1,
      hasPassword: true,
    });
  });

  it("can be guessed at ten times in a quarter of an hour, at once or one by one, by whichever process", async () => {
    const exportId = await finishedExport(ctx);
    const share = await shareOf(ctx, exportId, { password: PASSWORD });
    const { token } = share;
    await openShare(ctx, { token, password: PASSWORD });
    const guesses = await Promise.allSettled(
      Array.from({ length: 25 }, (_, n) => openShare(ctx, { token, password: `guess number ${n}` })),
    );
    const statuses = guesses.map((g) =>
      g.status === "rejected" ? (g.reason as { status: number }).status : 200,
    );
    expect(statuses.filter((status) => status === 403)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
    expect(await kindsOf(share.id)).toEqual([
      ...Array.from({ length: 10 }, () => "wrong-password"),
      "opened",
    ]);
    await expect(beginDownload(ctx, { token, password: PASSWORD })).rejects.toMatchObject({
      status: 429,
      headers: { "retry-after": expect.stringMatching(/^\d+$/) as string },
    });
    const [{ points }] = await ctx.db.sql<[{ points: number }]>`
      select points from rate_limits where key = ${`share-quarter-hour:${share.id}`}`;
    expect(points).toBeGreaterThanOrEqual(10);
    const other = await shareOf(ctx, exportId, { password: PASSWORD });
    expect(await openShare(ctx, { token: other.token, password: PASSWORD })).toMatchObject({ state: "open" });
  });

  it("can be guessed at fifty times a day, however patiently, while right ones take nothing away", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx), { password: PASSWORD });
    const { token } = share;
    const quarterIsOver = () =>
      ctx.db.sql`delete from rate_limits where key = ${`share-quarter-hour:${share.id}`}`;
    for (let n = 0; n < 60; n += 1) await openShare(ctx, { token, password: PASSWORD });
    for (let n = 0; n < 50; n += 1) {
      if (n % 10 === 0) await quarterIsOver();
      await expect(openShare(ctx, { token, password: `guess number ${n}` })).rejects.toMatchObject({
        status: 403,
      });
    }
    await quarterIsOver();
    await expect(openShare(ctx, { token, password: PASSWORD })).rejects.toMatchObject({ status: 429 });
  });
});

describe("a download by a link", () => {
  it("is counted when it begins, and may then be fetched in parts", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx), { downloadsMax: 1 });
    const { downloadUrl, expiresAt } = await beginDownload(ctx, { token: share.token });
    expect(Math.round((new Date(expiresAt).getTime() - ctx.now().getTime()) / 60_000)).toBe(60);
    const given = signatureOf(downloadUrl);
    const first = await openSharedDownload(ctx, share.id, given);
    const begin = await collect(first.read({ start: 0, end: 10 }));
    const next = await openSharedDownload(ctx, share.id, given);
    const rest = await collect(next.read({ start: 10, end: next.sizeBytes }));
    expect(JSON.parse(Buffer.concat([begin, rest]).toString())).toHaveProperty("ferry");
    expect(await getShare(ctx, share.id)).toMatchObject({ state: "used-up", downloadCount: 1 });
    expect(await kindsOf(share.id)).toEqual(["downloaded"]);
    await expect(beginDownload(ctx, { token: share.token })).rejects.toMatchObject(NOT_OPEN);
  });

  it("is never one too many, however many want the last one at once", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx), { downloadsMax: 3 });
    const begun = await Promise.allSettled(
      Array.from({ length: 20 }, () => beginDownload(ctx, { token: share.token })),
    );
    expect(begun.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    for (const one of begun) if (one.status === "rejected") expect(one.reason).toMatchObject(NOT_OPEN);
    expect(await getShare(ctx, share.id)).toMatchObject({ state: "used-up", downloadCount: 3 });
    expect(await kindsOf(share.id)).toEqual(["downloaded", "downloaded", "downloaded"]);
  });

  it("ends after an hour, with the link, or when it is revoked", async () => {
    const exportId = await finishedExport(ctx);
    const share = await shareOf(ctx, exportId);
    const { downloadUrl } = await beginDownload(ctx, { token: share.token });
    const given = signatureOf(downloadUrl);
    await expect(openSharedDownload(ctx, share.id, given)).resolves.toHaveProperty("sizeBytes");
    bench.clock.shiftMilliseconds = HOUR + 1_000;
    await expect(openSharedDownload(ctx, share.id, given)).rejects.toMatchObject({ code: "link-expired" });
    bench.clock.shiftMilliseconds = 7 * DAY - HOUR / 2;
    const late = await beginDownload(ctx, { token: share.token });
    expect(late.expiresAt <= share.expiresAt).toBe(true);
    bench.clock.shiftMilliseconds = 0;
    await revokeShare(ctx, share.id);
    await expect(openSharedDownload(ctx, share.id, given)).rejects.toMatchObject(NOT_OPEN);
  });

  it("is begun by its own address only", async () => {
    const exportId = await finishedExport(ctx);
    const share = await shareOf(ctx, exportId);
    const other = await shareOf(ctx, exportId);
    const { downloadUrl } = await beginDownload(ctx, { token: share.token });
    const given = signatureOf(downloadUrl);
    const invalid = { status: 403, code: "link-invalid" };
    await expect(openSharedDownload(ctx, other.id, given)).rejects.toMatchObject(invalid);
    await expect(openSharedDownload(ctx, share.id, {})).rejects.toMatchObject(invalid);
    const later = { ...given, expires: String(Number(given.expires) + 3600) };
    await expect(openSharedDownload(ctx, share.id, later)).rejects.toMatchObject(invalid);
  });

  it("comes from a bucket as it does from a disk", async () => {
    const server = await startS3Server();
    try {
      const plain = s3Store(parseS3Url(server.url("shares/")), server.credentials, [1, 1]);
      ctx = { ...ctx, storage: encryptedStore(plain, randomBytes(32)) };
      const share = await shareOf(ctx, await finishedExport(ctx));
      const { downloadUrl } = await beginDownload(ctx, { token: share.token });
      const file = await openSharedDownload(ctx, share.id, signatureOf(downloadUrl));
      const whole = await collect(file.read({ start: 0, end: file.sizeBytes }));
      expect(JSON.parse(whole.toString())).toHaveProperty("ferry");
      const rest = await collect(file.read({ start: 20, end: file.sizeBytes }));
      expect(rest.equals(whole.subarray(20))).toBe(true);
    } finally {
      await server.close();
    }
  });
});

describe("what is kept of links", () => {
  const linksOf = async (exportId: string) => (await listShares(ctx, exportId, { limit: 10 })).items.length;

  it("ends with the file: at once for those who have it, within the hour in the database", async () => {
    const exportId = await finishedExport(ctx);
    const share = await shareOf(ctx, exportId, { expiresInHours: 90 * 24 });
    await openShare(ctx, { token: share.token });
    await ctx.db.sql`update exports set storage_key = null where id = ${exportId}`;
    await expect(openShare(ctx, { token: share.token })).rejects.toMatchObject(NOT_OPEN);
    expect(await removeEndedShares(ctx)).toBeGreaterThanOrEqual(1);
    expect(await linksOf(exportId)).toBe(0);
  });

  it("ends when the export expires, and with an export that is removed", async () => {
    const expiring = await finishedExport(ctx);
    const share = await shareOf(ctx, expiring);
    const removed = await finishedExport(ctx);
    const other = await shareOf(ctx, removed);
    const { downloadUrl } = await beginDownload(ctx, { token: other.token });
    await deleteExport(ctx, removed);
    await expect(openShare(ctx, { token: other.token })).rejects.toMatchObject(NOT_OPEN);
    await expect(openSharedDownload(ctx, other.id, signatureOf(downloadUrl))).rejects.toMatchObject(NOT_OPEN);
    await expect(getShare(ctx, other.id)).rejects.toMatchObject({ status: 404 });
    bench.clock.shiftMilliseconds = 8 * DAY;
    await removeExpiredExports(ctx);
    await expect(openShare(ctx, { token: share.token })).rejects.toMatchObject(NOT_OPEN);
    await removeEndedShares(ctx);
    expect(await linksOf(expiring)).toBe(0);
  });

  it("is there for its owner for a month after the link ended, and while it is open", async () => {
    const exportId = await finishedExport(ctx);
    await ctx.db.sql`update exports set expires_at = now() + interval '100 days' where id = ${exportId}`;
    const ended = await shareOf(ctx, exportId, { expiresInHours: 1 });
    const revoked = await shareOf(ctx, exportId, { expiresInHours: 90 * 24 });
    const open = await shareOf(ctx, exportId, { expiresInHours: 90 * 24 });
    await openShare(ctx, { token: ended.token });
    await revokeShare(ctx, revoked.id);
    bench.clock.shiftMilliseconds = 29 * DAY;
    await removeEndedShares(ctx);
    expect(await linksOf(exportId)).toBe(3);
    bench.clock.shiftMilliseconds = 31 * DAY;
    await removeEndedShares(ctx);
    expect((await listShares(ctx, exportId, { limit: 10 })).items).toMatchObject([{ id: open.id }]);
    const log = await ctx.db.orm.select().from(shareAccesses);
    expect(log.filter(({ shareId }) => shareId === ended.id)).toEqual([]);
  });

  it("is a log of the newest five hundred uses", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx));
    const times = Array.from({ length: 505 }, (_, n) => new Date(n * 1000));
    for (const at of times) await logAccess(ctx.db.sql, share.id, "opened", at);
    const [{ count, first }] = await ctx.db.sql<[{ count: number; first: Date }]>`
      select count(*)::int as count, min(at) as first from share_accesses where share_id = ${share.id}`;
    expect([count, first]).toEqual([500, times[5]]);
    const page = await listAccesses(ctx, share.id, { limit: 2 });
    expect(page.items.map(({ at }) => at)).toEqual([times[504]!.toISOString(), times[503]!.toISOString()]);
    const next = await listAccesses(ctx, share.id, { limit: 1, cursor: page.nextCursor! });
    expect(next.items).toMatchObject([{ at: times[502]!.toISOString() }]);
  });

  it("goes with the account", async () => {
    const share = await shareOf(ctx, await finishedExport(ctx));
    await openShare(ctx, { token: share.token });
    await ctx.db.sql`delete from users where id = ${ctx.ownerId}`;
    await expect(openShare(ctx, { token: share.token })).rejects.toMatchObject(NOT_OPEN);
    const left = await ctx.db.orm.select().from(shareLinks);
    expect(left.filter(({ ownerId }) => ownerId === ctx.ownerId)).toEqual([]);
  });
});
