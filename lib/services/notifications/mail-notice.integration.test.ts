import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { insertExport, type ExportRow } from "@/db/queries/exports";
import { createJob } from "@/db/queries/jobs";
import type { NotificationTopic } from "@/lib/contracts/notifications";
import type { Mailer } from "@/lib/mail/mailer";
import { openMailer } from "@/lib/mail/open";
import { startSmtpServer, type TestSmtpServer } from "@/lib/mail/testing/server";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { ensureDemoAccount } from "@/lib/services/accounts/ensure-demo";
import { hashPassword } from "@/lib/services/accounts/password";
import { failExport, runExport } from "@/lib/services/exports/run-export";
import { getPreferences } from "@/lib/services/notifications/get-preferences";
import { listNotifications } from "@/lib/services/notifications/list-notifications";
import { mailDueNotices, mailNotice } from "@/lib/services/notifications/mail-notice";
import { optOutLink } from "@/lib/services/notifications/opt-out-link";
import { putPreferences } from "@/lib/services/notifications/put-preferences";
import { readNotifications } from "@/lib/services/notifications/read-notifications";
import { watchUser } from "@/lib/services/jobs/watch-jobs";
import { createTestBench, type TestBench } from "@/lib/services/testing";

let bench: TestBench;
let server: TestSmtpServer;
let ctx: ServiceContext;
let log: unknown[];

beforeAll(async () => {
  bench = await createTestBench();
  server = await startSmtpServer();
});
afterAll(async () => {
  await server.close();
  await bench.close();
});
beforeEach(async () => {
  server.fault = undefined;
  server.mails.length = 0;
  server.tries.length = 0;
  bench.events.length = 0;
  bench.clock.shiftMilliseconds = 0;
  log = [];
  ctx = await newUser(mailerOf(server.url));
  await ctx.db.sql`delete from notices`;
});

function mailerOf(smtpUrl: string): Mailer {
  const mailer = openMailer({ smtpUrl, from: undefined, appUrl: "http://localhost:3000" });
  if (!mailer) throw new Error("no mailer");
  return mailer;
}

async function newUser(mailer: Mailer | undefined): Promise<ServiceContext> {
  const note = (...said: unknown[]) => void log.push(said);
  return { ...(await bench.newUser()), mailer, log: { debug: note, info: note, warn: note, error: note } };
}

/** An export that is asked for, and has not begun. */
async function newExport(user: ServiceContext): Promise<string> {
  const [id, job_id, owner_id] = [newId(), newId(), user.ownerId];
  const row: Parameters<typeof insertExport>[1] = {
    id,
    job_id,
    owner_id,
    file_name: "trips.json",
    content_type: "application/json",
    expires_at: new Date("2030-01-02T00:00:00Z"),
    request: { format: "json", collections: [], all: false, csv: {} },
  };
  await createJob(user.db.sql, {
    id: job_id,
    ownerId: owner_id,
    kind: "export",
    subjectId: id,
    title: "Trips",
  });
  await insertExport(user.db.sql, row);
  return id satisfies ExportRow["id"];
}

/** The notice of an export that has just been made. */
async function told(user: ServiceContext = ctx): Promise<string> {
  await runExport(user, await newExport(user));
  const [row] = await user.db.sql<{ id: string }[]>`
    select id from notices where owner_id = ${user.ownerId} order by position desc limit 1`;
  return row?.id ?? "";
}

const listed = async (user = ctx) => (await listNotifications(user, { limit: 50, unread: false })).items;
const addressOf = ({ ownerId }: ServiceContext) => `${ownerId}@example.org`;
const minutes = (count: number) => (bench.clock.shiftMilliseconds += count * 60_000);

async function choose(user: ServiceContext, topic: NotificationTopic, inApp: boolean, byMail: boolean) {
  const { topics } = await getPreferences(user);
  await putPreferences(user, { topics: { ...topics, [topic]: { inApp, byMail } } });
}

describe("a finished export", () => {
  it("is told in the app and mailed once, with a link to its page", async () => {
    const id = await told();
    expect(bench.events.filter(({ name }) => name === "notice/told")).toEqual([
      { name: "notice/told", data: { noticeId: id }, id: `notice-mail-${id}` },
    ]);
    expect((await listed())[0]).toMatchObject({ id, kind: "export-finished", mail: "due", readAt: null });
    const outcomes = await Promise.all([1, 2, 3].map(() => mailNotice(ctx, id)));
    expect(outcomes.toSorted()).toEqual(["not-due", "not-due", "sent"]);
    expect(await mailDueNotices(ctx)).toBe(0);
    expect(server.mails).toHaveLength(1);
    const [{ to, raw }] = server.mails as [TestSmtpServer["mails"][0]];
    expect(to).toEqual([addressOf(ctx)]);
    expect(raw).toContain("Subject: Your export is ready\r\n");
    expect(raw).toContain(`Message-ID: <notice-${id}@localhost>`);
    expect(raw).toMatch(
      /trips\.json \(\d+ bytes\) is ready to download until 2030-01-02\.\r\n\r\nhttp:\/\/localhost:\d+\/exports\r\n/,
    );
    // Nothing in it opens anything; it can only be the last one.
    expect(/^List-Unsubscribe: *(?:\r\n +)?<(.*)>\r$/m.exec(raw)?.[1]).toContain(optOutLink(ctx.ownerId));
    expect(raw).not.toContain("download?");
    expect((await listed())[0]).toMatchObject({ mail: "sent" });
  });

  it("is told once when its function runs twice", async () => {
    const id = await newExport(ctx);
    await Promise.all([runExport(ctx, id), runExport(ctx, id)]);
    expect(await listed()).toHaveLength(1);
  });

  it("that failed is told with its reason", async () => {
    const id = await newExport(ctx);
    await failExport(ctx, id);
    await failExport(ctx, id);
    const [notice, ...others] = await listed();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ kind: "export-failed", subjectId: id, mail: "due" });
    expect(notice!.message).toMatch(/^trips\.json was not made\. The export failed for a reason of our own/);
  });

  it("is not mailed where no mail is set up, also not when it is later", async () => {
    const without = await newUser(undefined);
    await told(without);
    expect((await listed(without))[0]).toMatchObject({ kind: "export-finished", mail: "none" });
    expect((await getPreferences(without)).mail.isSetUp).toBe(false);
    expect(bench.events.filter(({ name }) => name === "notice/told")).toEqual([]);
    expect(await mailDueNotices(ctx)).toBe(0);
    expect(server.tries).toEqual([]);
  });
});

describe("a mail", () => {
  it("is sent after the server was away, and others are not kept waiting for the same silence", async () => {
    const gone = await startSmtpServer();
    await gone.close();
    const away = { ...ctx, mailer: mailerOf(gone.url) };
    const [first, second] = [await told(), await told()];
    expect(await mailNotice(away, first)).toBe("unavailable");
    expect(await mailDueNotices(away)).toBe(0);
    const attempts = await ctx.db.sql<{ sum: number }[]>`select sum(mail_attempts)::int as sum from notices`;
    expect(attempts[0]!.sum).toBe(2);
    const back = await startSmtpServer(Number(new URL(gone.url).port));
    expect(await mailDueNotices(away)).toBe(2);
    await back.close();
    expect(back.mails.map(({ raw }) => /notice-([0-9a-f-]+)@/.exec(raw)?.[1]).toSorted()).toEqual(
      [first, second].toSorted(),
    );
  });

  it("that is not taken now is sent later: at once three times more, then with ever rarer rounds", async () => {
    server.fault = () => ({ reply: 451, text: `try again, ${addressOf(ctx)}` });
    const id = await told();
    for (let i = 0; i < 4; i++) expect(await mailNotice(ctx, id)).toBe("deferred");
    expect(await mailNotice(ctx, id)).toBe("not-due");
    minutes(4);
    expect(await mailNotice(ctx, id)).toBe("not-due");
    minutes(2);
    expect(await mailNotice(ctx, id)).toBe("deferred");
    minutes(6);
    expect(await mailNotice(ctx, id)).toBe("not-due");
    minutes(5);
    server.fault = undefined;
    expect(await mailDueNotices(ctx)).toBe(1);
    expect(server.mails).toHaveLength(1);
  });

  it("is given up after a few tries, and shown as not mailed", async () => {
    server.fault = () => ({ reply: 451, text: "not now" });
    const id = await told();
    for (let i = 0; i < 30; i++) {
      await mailNotice(ctx, id);
      minutes(20);
    }
    expect(server.tries).toHaveLength(8);
    expect((await listed())[0]).toMatchObject({ mail: "failed" });
  });

  it("that is refused is given up at once, and then told in the app whatever was chosen", async () => {
    await choose(ctx, "export-finished", false, true);
    server.fault = () => ({ reply: 550, text: `no such user ${addressOf(ctx)}` });
    const id = await told();
    expect(await listed()).toEqual([]);
    const stop = new AbortController();
    const stream = (await watchUser(ctx, undefined, stop.signal))[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ event: "connected" });
    expect(await mailNotice(ctx, id)).toBe("given-up");
    expect(await mailNotice(ctx, id)).toBe("not-due");
    expect((await stream.next()).value).toMatchObject({
      event: "notification",
      data: { id, mail: "failed" },
    });
    stop.abort();
    await stream.return?.();
    expect(await listed()).toHaveLength(1);
  });

  it("is sent again after a process that was killed before it noted it, under the same id", async () => {
    const id = await told();
    const real = ctx.mailer!;
    const killed: Mailer = {
      send: (mail) => real.send(mail).then(() => Promise.reject(new Error("killed"))),
    };
    await expect(mailNotice({ ...ctx, mailer: killed }, id)).rejects.toThrow("killed");
    expect(await mailNotice(ctx, id)).toBe("not-due");
    minutes(5);
    expect(await mailDueNotices(ctx)).toBe(1);
    const ids = server.mails.map(({ raw }) => /^Message-ID: (.*)\r$/m.exec(raw)?.[1]);
    expect(ids).toEqual([`<notice-${id}@localhost>`, `<notice-${id}@localhost>`]);
  });

  it("leaves neither address nor password in the log, whatever the server says", async () => {
    server.fault = (_, address) => ({ reply: 550, text: `no such user ${address}` });
    await mailNotice(ctx, await told());
    server.fault = undefined;
    const [user, password] = ["ferry", "another-password"];
    const wrong = { ...ctx, mailer: mailerOf(server.url.replace(/\/\/[^@]+@/, `//${user}:${password}@`)) };
    expect(await mailNotice(wrong, await told())).toBe("unavailable");
    expect(log.length).toBeGreaterThanOrEqual(2);
    const said = JSON.stringify(log, (_, value: unknown) =>
      value instanceof Error ? `${value.stack} ${String(value.cause)}` : value,
    );
    expect(said).not.toContain("@example.org");
    expect(said).not.toContain(password);
    expect(said).not.toContain(encodeURIComponent(server.password));
  });
});

describe("is never mailed:", () => {
  it("the demo account, wherever its address may lead and however long a mail has been due", async () => {
    const before = await told();
    const email = "demo@ferry.example.org";
    const passwordHash = await hashPassword("for everybody");
    await ctx.db.sql`
      update users set email = ${email}, password_hash = ${passwordHash} where id = ${ctx.ownerId}`;
    await ensureDemoAccount(ctx, { email, password: "for everybody" });
    await told();
    expect((await listed()).map(({ mail }) => mail)).toEqual(["none", "due"]);
    expect(await mailNotice(ctx, before)).toBe("unwanted");
    expect((await listed()).map(({ mail }) => mail)).toEqual(["none", "none"]);
    expect((await getPreferences(ctx)).mail.isDeliverable).toBe(false);
    expect(await mailDueNotices(ctx)).toBe(0);
    expect(server.tries).toEqual([]);
  });

  it("an account whose address is nobody's", async () => {
    await ctx.db.sql`update users set email = 'ada@somewhere.invalid' where id = ${ctx.ownerId}`;
    await told();
    expect((await listed())[0]).toMatchObject({ kind: "export-finished", mail: "none" });
    expect(server.tries).toEqual([]);
  });

  it("what is not wanted by mail any more when its turn comes", async () => {
    const id = await told();
    await choose(ctx, "export-finished", true, false);
    expect(await mailNotice(ctx, id)).toBe("unwanted");
    expect(await mailNotice(ctx, id)).toBe("not-due");
    expect((await listed())[0]).toMatchObject({ id, mail: "none" });
    expect(server.tries).toEqual([]);
  });
});

describe("preferences", () => {
  it("say how each topic is told, are one's own, and hold from then on", async () => {
    const other = await newUser(ctx.mailer);
    expect((await getPreferences(ctx)).topics).toEqual({
      "export-finished": { inApp: true, byMail: true },
      "export-failed": { inApp: true, byMail: true },
      "backup-trouble": { inApp: true, byMail: true },
      "backup-made": { inApp: false, byMail: false },
      "restore-ended": { inApp: true, byMail: false },
    });
    await choose(ctx, "export-finished", true, false);
    await choose(ctx, "backup-made", true, true);
    expect((await getPreferences(ctx)).topics).toMatchObject({
      "export-finished": { inApp: true, byMail: false },
      "backup-made": { inApp: true, byMail: true },
    });
    expect((await getPreferences(other)).topics["export-finished"].byMail).toBe(true);
    expect((await getPreferences(other)).mail).toEqual({
      isSetUp: true,
      isDeliverable: true,
      address: addressOf(other),
    });
    await told();
    expect((await listed())[0]).toMatchObject({ mail: "none" });
    await told(other);
    expect((await listed(other))[0]).toMatchObject({ mail: "due" });
    await choose(ctx, "export-finished", false, false);
    await told();
    expect(await listed()).toHaveLength(1);
  });
});

it("counts what is unread, and marks all of it as read up to what was seen", async () => {
  const [first, second] = [await told(), await told()];
  const other = await newUser(undefined);
  await told(other);
  expect((await listNotifications(ctx, { limit: 1, unread: false })).unreadCount).toBe(2);
  expect(await readNotifications(other, { upTo: second })).toEqual({ read: 0 });
  expect(await readNotifications(ctx, { upTo: first })).toEqual({ read: 1 });
  expect((await listNotifications(ctx, { limit: 9, unread: true })).items.map(({ id }) => id)).toEqual([
    second,
  ]);
  expect(await readNotifications(ctx, {})).toEqual({ read: 1 });
  expect((await listNotifications(ctx, { limit: 1, unread: true })).unreadCount).toBe(0);
  expect((await listNotifications(other, { limit: 1, unread: true })).unreadCount).toBe(1);
});
