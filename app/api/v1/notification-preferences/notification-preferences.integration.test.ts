import { afterAll, beforeAll, expect, it } from "vitest";
import type { NotificationPreferences } from "@/lib/contracts/notifications";
import { call, startTestApp, type TestApp, type TestUser } from "@/lib/http/testing";
import { GET, PUT } from "./route";

let app: TestApp;
let ada: TestUser;
let eve: TestUser;
beforeAll(async () => {
  app = await startTestApp();
  [ada, eve] = [await app.newUser(), await app.newUser()];
});
afterAll(() => app.stop());

const read = async (as: TestUser) => (await (await call(GET, { as })).json()) as NotificationPreferences;
const put = (as: TestUser, body: unknown) => call(PUT, { method: "PUT", as, body });

it("are one's own: what one user chooses changes nothing for another", async () => {
  const before = await read(eve);
  const { topics, mail } = await read(ada);
  expect(mail).toEqual({ isSetUp: false, isDeliverable: false, address: ada.email });
  const chosen = { ...topics, "export-finished": { inApp: true, byMail: false } };
  const saved = await put(ada, { topics: chosen });
  expect(saved.status).toBe(200);
  expect(await saved.json()).toEqual({ topics: chosen, mail });
  expect((await read(ada)).topics).toEqual(chosen);
  expect(await read(eve)).toEqual(before);
});

it("are refused unless they say all, and nothing else", async () => {
  const { topics } = await read(ada);
  const { "export-failed": _, ...fewer } = topics;
  for (const body of [
    {},
    { topics: fewer },
    { topics: { ...topics, "no-such-topic": { inApp: true, byMail: true } } },
    { topics: { ...topics, "export-failed": { inApp: "yes", byMail: true } } },
    { topics: { ...topics, "export-failed": { inApp: true, byMail: true, bySms: true } } },
    { topics, address: "eve@example.net" },
  ]) {
    expect((await put(ada, body)).status, JSON.stringify(body)).toBe(422);
  }
  expect((await read(ada)).topics).toEqual(topics);
});
