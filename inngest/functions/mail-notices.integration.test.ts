import { afterAll, beforeAll, expect, it } from "vitest";
import { createExport } from "@/lib/services/exports/create-export";
import { CreateExportBody } from "@/lib/contracts/exports";
import { openMailer } from "@/lib/mail/open";
import { startSmtpServer, type TestSmtpServer } from "@/lib/mail/testing/server";
import type { ServiceContext } from "@/lib/services/context";
import { waitForJob } from "@/lib/services/jobs/wait-for-job";
import { listNotifications } from "@/lib/services/notifications/list-notifications";
import { startTestApp, type TestApp } from "./testing";

let app: TestApp;
let port: number;
beforeAll(async () => {
  const gone = await startSmtpServer();
  await gone.close();
  port = Number(new URL(gone.url).port);
  app = await startTestApp({
    mailer: openMailer({
      smtpUrl: gone.url,
      from: "Ferry <ferry@example.org>",
      appUrl: "http://localhost:3000",
    }),
  });
});
afterAll(() => app.close());

async function mailOf(user: ServiceContext): Promise<string | undefined> {
  const { items } = await listNotifications(user, { limit: 5, unread: false });
  return items.find(({ kind }) => kind === "export-finished")?.mail;
}

async function until(user: ServiceContext, mail: string): Promise<void> {
  for (let look = 0; look < 300; look++) {
    if ((await mailOf(user)) === mail) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await mailOf(user)).toBe(mail);
}

async function exported(user: ServiceContext): Promise<void> {
  const request = CreateExportBody.parse({ format: "json", collections: "all", categories: ["preferences"] });
  const { jobId } = await createExport(user, request);
  await waitForJob(user, jobId, 60);
}

it("mails a finished export by itself, once, also when the mail server is away and refuses at first", async () => {
  const user = await app.newUser();
  await exported(user);
  await until(user, "due");
  const attempts = async () => {
    const [row] = await user.db.sql<{ n: number }[]>`
      select mail_attempts as n from notices where owner_id = ${user.ownerId}`;
    return row?.n ?? 0;
  };
  // The first connection is refused before there is a server.
  for (let look = 0; look < 100 && (await attempts()) === 0; look++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await attempts()).toBeGreaterThan(0);
  const server: TestSmtpServer = await startSmtpServer(port);
  server.fault = () => (server.tries.length === 1 ? { reply: 450, text: "later" } : undefined);
  try {
    await until(user, "sent");
    expect(server.tries).toHaveLength(2);
    expect(server.mails.map(({ to }) => to)).toEqual([[`${user.ownerId}@example.org`]]);
    const second = await app.newUser();
    server.fault = () => ({ reply: 550, text: "no such user" });
    await exported(second);
    await until(second, "failed");
    expect(server.mails).toHaveLength(1);
  } finally {
    await server.close();
  }
});
