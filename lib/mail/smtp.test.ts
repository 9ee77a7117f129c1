import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultSender, isAddress, parseSender } from "@/lib/mail/address";
import { MailProblem, type Mail, type Mailer } from "@/lib/mail/mailer";
import { openMailer } from "@/lib/mail/open";
import { parseSmtpUrl } from "@/lib/mail/smtp-url";
import { startSmtpServer, type TestSmtpServer } from "@/lib/mail/testing/server";

let server: TestSmtpServer;
beforeAll(async () => {
  server = await startSmtpServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.fault = undefined;
  server.mails.length = 0;
  server.tries.length = 0;
});

const APP_URL = "https://ferry.example.org";
const mailerFor = (smtpUrl: string, from?: string): Mailer => {
  const mailer = openMailer({ smtpUrl, from, appUrl: APP_URL });
  if (!mailer) throw new Error("no mailer");
  return mailer;
};
const mail: Mail = {
  id: "notice-1",
  to: "ada@example.org",
  subject: "Ready",
  text: "Your file.\n\nBye",
  optOutUrl: `${APP_URL}/api/v1/mail-opt-out?account=0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000&signature=${"s".repeat(43)}`,
};

async function problemOf(sending: Promise<void>): Promise<MailProblem> {
  const problem: unknown = await sending.then(() => undefined, (error: unknown) => error); // prettier-ignore
  if (!(problem instanceof MailProblem)) throw new Error("it was sent");
  return problem;
}

describe("a mail", () => {
  it("arrives once, says who it is from, and keeps its id however often it is sent", async () => {
    await mailerFor(server.url).send(mail);
    await mailerFor(server.url).send(mail);
    expect(server.mails).toHaveLength(2);
    const [first, second] = server.mails;
    expect(first).toMatchObject({ from: "ferry@ferry.example.org", to: ["ada@example.org"] });
    expect(first!.raw).toContain("\r\nSubject: Ready\r\n");
    expect(first!.raw).toContain("From: Ferry <ferry@ferry.example.org>\r\n");
    expect(first!.raw).toContain("\r\nMessage-ID: <notice-1@ferry.example.org>\r\n");
    expect(first!.raw).toContain("Auto-Submitted: auto-generated\r\n");
    const headers = first!.raw.split("\r\n\r\n")[0]!.replaceAll(/\r\n(?=[ \t])/g, "");
    expect(headers).toContain(`\r\nList-Unsubscribe: <${mail.optOutUrl}>\r\n`);
    expect(headers).toContain("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click");
    expect(second!.raw).toContain("\r\nMessage-ID: <notice-1@ferry.example.org>\r\n");
    expect(first!.raw.endsWith("\r\n\r\nYour file.\r\n\r\nBye\r\n")).toBe(true);
  });

  it("is from whom the settings say", async () => {
    await mailerFor(server.url, "Data, Ltd. <data@example.com>").send(mail);
    expect(server.mails[0]).toMatchObject({ from: "data@example.com" });
    expect(server.mails[0]!.raw).toContain('From: "Data, Ltd." <data@example.com>\r\n');
  });

  it("gets no header and no recipient from what it tells of", async () => {
    const subject = "Ready\r\nBcc: eve@example.net\r\n\r\nHello";
    await mailerFor(server.url).send({ ...mail, subject, text: "A\r\n.\r\nQUIT\r\nBcc: eve@example.net" });
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]!.to).toEqual(["ada@example.org"]);
    const headers = server.mails[0]!.raw.split("\r\n\r\n")[0]!;
    expect(headers).not.toMatch(/^bcc:/im);
    expect(headers).toContain("Subject: Ready Bcc: eve@example.net Hello");
    for (const to of [
      "ada@example.org, eve@example.net",
      "ada@example.org\r\nRCPT TO:<eve@example.net>",
      "Ada <eve@example.net>",
      "eve@example.net>",
      "group: eve@example.net;",
      "",
    ]) {
      expect(await problemOf(mailerFor(server.url).send({ ...mail, to }))).toMatchObject({ kind: "refused" });
    }
    expect(server.tries).toEqual(["ada@example.org"]);
  });
});

describe("a mail that is not taken", () => {
  it.each([
    ["recipient", 550, "refused"],
    ["recipient", 450, "deferred"],
    ["recipient", 421, "unavailable"],
    ["data", 554, "refused"],
    ["data", 451, "deferred"],
  ] as const)("at its %s, with %i, is %s", async (stage, reply, kind) => {
    server.fault = (at) => (at === stage ? { reply, text: "no mail for ada@example.org" } : undefined);
    const problem = await problemOf(mailerFor(server.url).send(mail));
    expect(problem.kind).toBe(kind);
    // What a server says may name the person.
    expect(JSON.stringify([problem.message, problem.code, problem.stack, problem.cause])).not.toContain(
      "ada@",
    );
  });

  it("because nobody listens, nobody answers, or the login is wrong, concerns all mails", async () => {
    const silent = createServer((socket) => socket.end("554 closed\r\n"));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const closed = await problemOf(mailerFor(`smtp://127.0.0.1:${port}`).send(mail));
    expect(closed.kind).toBe("unavailable");
    await new Promise((resolve) => silent.close(resolve));
    const away = await problemOf(mailerFor(`smtp://ferry:hush@127.0.0.1:${port}`).send(mail));
    expect(away.kind).toBe("unavailable");
    const login = await problemOf(mailerFor(server.url.replace(/:[^:@]+@/, ":hush@")).send(mail));
    expect(login.kind).toBe("unavailable");
    for (const { message, stack } of [away, login]) expect(`${message} ${stack}`).not.toContain("hush");
  });

  it("since the server does not encrypt, is not handed over together with a password", async () => {
    const plain = server.url.replace("127.0.0.1", "0.0.0.0");
    expect(await problemOf(mailerFor(plain).send(mail))).toMatchObject({ kind: "unavailable" });
    expect(server.tries).toEqual([]);
  });
});

describe("settings", () => {
  it("name a server, and whether it has to encrypt", () => {
    expect(parseSmtpUrl("smtp://u%40x:p%3A%2F@mail.example.org")).toEqual({
      host: "mail.example.org",
      port: 587,
      secure: false,
      requireTLS: true,
      auth: { user: "u@x", pass: "p:/" },
    });
    expect(parseSmtpUrl("smtps://mail.example.org:4650")).toMatchObject({ port: 4650, secure: true });
    expect(parseSmtpUrl("smtp://[::1]:25/")).toMatchObject({ host: "::1", port: 25, requireTLS: false });
    for (const wrong of [
      "mail.example.org",
      "http://x",
      "smtp://",
      "smtp://x/path",
      "smtp://x?a=1",
      "smtp://%:y@x",
    ]) {
      expect(parseSmtpUrl(wrong), wrong).toBeUndefined();
    }
  });

  it("that are wrong are named without their values", () => {
    const open = (smtpUrl: string, from?: string) => () => openMailer({ smtpUrl, from, appUrl: APP_URL });
    expect(open("smtp://u:hush@x/y")).toThrow(
      /^SMTP_URL is not of the form smtp:\/\/USER:PASSWORD@HOST:PORT/,
    );
    expect(open("smtp://x", "nobody")).toThrow(/^MAIL_FROM/);
    expect(openMailer({ smtpUrl: "", from: undefined, appUrl: APP_URL })).toBeUndefined();
  });

  it("say who mails are from, by themselves the host of the pages", () => {
    expect(defaultSender("http://localhost:3000")).toEqual({ name: "Ferry", address: "ferry@localhost" });
    expect(defaultSender("http://10.0.0.7:3000").address).toBe("ferry@[10.0.0.7]");
    expect(isAddress("ferry@[10.0.0.7]")).toBe(true);
    expect(parseSender('"Our Ferry" <a@b.c>')).toEqual({ name: "Our Ferry", address: "a@b.c" });
    expect(parseSender("a@b.c")).toEqual({ name: "", address: "a@b.c" });
    for (const wrong of ["", "a", "a@b@c", "x <a@b.c> y", "A <a@b.c>\nBcc: d@e.f"]) {
      expect(parseSender(wrong), wrong).toBeUndefined();
    }
  });
});
