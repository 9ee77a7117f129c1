import { afterAll, beforeAll, expect, it } from "vitest";
import type { NotificationPreferences } from "@/lib/contracts/notifications";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { newId } from "@/lib/platform/ids";
import { getPreferences } from "@/lib/services/notifications/get-preferences";
import { optOutLink } from "@/lib/services/notifications/opt-out-link";
import { putPreferences } from "@/lib/services/notifications/put-preferences";
import { GET, POST } from "./route";

let app: TestApp;
let ada: TestUser;
let eve: TestUser;
beforeAll(async () => {
  app = await startTestApp();
  [ada, eve] = [await app.newUser(), await app.newUser()];
});
afterAll(() => app.stop());

const topicsOf = async ({ id }: TestUser) => (await getPreferences({ ...app.ctx, ownerId: id })).topics;
/** What a mail program sends for one click, without a session. */
const click = (url: string) =>
  call(POST, {
    method: "POST",
    url,
    body: "List-Unsubscribe=One-Click",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
const withMail = (topics: NotificationPreferences["topics"]) =>
  Object.values(topics).filter(({ byMail }) => byMail).length;

it("ends all mail of one account by one click, without signing in, and tells in the app what was mailed", async () => {
  const { topics } = await getPreferences({ ...app.ctx, ownerId: ada.id });
  await putPreferences(
    { ...app.ctx, ownerId: ada.id },
    {
      topics: {
        ...topics,
        "export-finished": { inApp: false, byMail: true },
        "backup-made": { inApp: false, byMail: false },
      },
    },
  );
  expect(withMail(await topicsOf(ada))).toBeGreaterThan(1);
  for (let i = 0; i < 2; i++) expect((await click(optOutLink(ada.id))).status).toBe(204);
  const after = await topicsOf(ada);
  expect(withMail(after)).toBe(0);
  expect(after["export-finished"].inApp).toBe(true);
  expect(after["backup-made"].inApp).toBe(false);
  expect(withMail(await topicsOf(eve))).toBeGreaterThan(1);
});

it("changes nothing by a GET, which leads to the page", async () => {
  const url = optOutLink(eve.id);
  const response = await call(GET, { url });
  expect(response.status).toBe(303);
  const page = new URL(response.headers.get("location")!);
  expect(page.pathname).toBe("/mail-opt-out");
  expect(page.search).toBe(url.slice(url.indexOf("?")));
  expect(withMail(await topicsOf(eve))).toBeGreaterThan(1);
});

it("refuses a link for another account, one that was changed, and none", async () => {
  const signature = new URL(optOutLink(ada.id), "http://x").searchParams.get("signature")!;
  const at = (query: Record<string, string>) => `/api/v1/mail-opt-out?${new URLSearchParams(query)}`;
  const before = await topicsOf(eve);
  for (const [url, status] of [
    [at({ account: eve.id, signature }), 403],
    [at({ account: eve.id, signature: "" }), 403],
    [at({ account: eve.id }), 422],
    [at({ account: "1'--", signature }), 422],
    [at({}), 422],
  ] as const) {
    expect((await click(url)).status, url).toBe(status);
  }
  expect(await topicsOf(eve)).toEqual(before);
});

it("is as if done for an account that is gone", async () => {
  expect((await click(optOutLink(newId()))).status).toBe(204);
});
