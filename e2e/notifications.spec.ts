import { createHmac, hkdfSync, randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signIn, signUp } from "./pages/account";
import { expectNoViolations } from "./pages/axe";

/** Asks for an export over the API, with the page's session. */
async function exportAccount(page: Page): Promise<void> {
  const answer = await page.request.post("/api/v1/exports", {
    headers: { "sec-fetch-site": "same-origin" },
    data: { format: "json", collections: "all", categories: ["preferences"] },
  });
  expect(answer.status()).toBe(202);
}

/** As a mail has it. */
function optOutLink(secret: string, account: string): string {
  const key = Buffer.from(hkdfSync("sha256", secret, "ferry", "ferry/mail-opt-out/v1", 32));
  const signature = createHmac("sha256", key).update(account).digest("base64url");
  return `/api/v1/mail-opt-out?account=${account}&signature=${signature}`;
}

const bell = (page: Page, unread: number) =>
  page.getByRole("button", {
    name: unread === 0 ? "Notifications" : `Notifications, ${unread} unread`,
    exact: true,
  });

for (const scheme of ["light", "dark"] as const) {
  test.describe(`in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("what is told arrives by itself, is read from the bell, and is found again on its page", async ({
      page,
    }) => {
      await signUp(page);
      await bell(page, 0).click();
      const popover = page.getByRole("dialog", { name: "Notifications" });
      await expect(popover.getByText(/^Nothing yet/)).toBeVisible();
      await expectNoViolations(page, "bell, empty");
      await page.keyboard.press("Escape");
      await expect(popover).toBeHidden();
      await expect(bell(page, 0)).toBeFocused();

      await exportAccount(page);
      // No reload: the event stream tells.
      const toast = page.getByRole("alert").filter({ hasText: "Your export is ready" });
      await expect(toast.getByRole("link", { name: "Download it" })).toBeVisible();
      await toast.getByRole("button", { name: /^Close/ }).click();
      await exportAccount(page);
      await expect(bell(page, 2)).toBeVisible();

      await bell(page, 2).press("Enter");
      await expect(popover.getByRole("listitem")).toHaveCount(2);
      await expectNoViolations(page, "bell");
      await popover.getByRole("button", { name: "Mark as read: Your export is ready" }).first().click();
      await expect(bell(page, 1)).toBeVisible();
      await popover.getByRole("button", { name: "Mark all as read" }).click();
      await expect(bell(page, 0)).toBeVisible();
      await popover.getByRole("link", { name: "Show all" }).click();
      await expect(page.getByRole("heading", { name: "Notifications", level: 1 })).toBeVisible();
      const list = page.getByRole("list", { name: "Notifications" });
      await expect(list.getByRole("listitem")).toHaveCount(2);
      await expectNoViolations(page, "notifications");
      await list.getByRole("link", { name: "Your export is ready" }).first().click();
      await expect(page.getByRole("heading", { name: "Exports", level: 1 })).toBeVisible();
    });
  });
}

test("a person chooses what they are told, and it stays so", async ({ page }) => {
  await signUp(page);
  await page.goto("/notifications");
  await expect(page.getByText("No notifications yet")).toBeVisible();
  await page.getByRole("link", { name: "What I am told" }).click();
  const choices = page.getByRole("table", { name: "What you are told, and how" });
  const ready = choices.getByRole("checkbox", { name: "An export is ready: In Ferry" });
  await expect(ready).toBeChecked();
  await expectNoViolations(page, "settings");
  await ready.uncheck();
  const saved = page.waitForResponse(
    (response) => response.request().postData()?.includes('"backup-made":{"inApp":true') ?? false,
  );
  await choices.getByRole("checkbox", { name: "A backup was made: In Ferry" }).check();
  expect((await saved).status()).toBe(200);
  await page.reload();
  await expect(ready).not.toBeChecked();
  const made = choices.getByRole("checkbox", { name: "A backup was made: In Ferry" });
  await expect(made).toBeChecked();

  await exportAccount(page);
  const answer = await page.request.post("/api/v1/backups", {
    headers: { "sec-fetch-site": "same-origin" },
    data: {},
  });
  expect(answer.status()).toBe(202);
  await expect(bell(page, 1)).toBeVisible();
  await bell(page, 1).click();
  const popover = page.getByRole("dialog", { name: "Notifications" });
  await expect(popover.getByRole("listitem")).toHaveText([/Your backup was made/]);
});

test("whoever got a mail ends them by its link, without signing in", async ({ page, browser, ferry }) => {
  const account = { email: `${randomUUID()}@example.org`, password: "a long enough password" };
  const made = await page.request.post("/api/v1/auth/sign-up", { data: account });
  const { user } = (await made.json()) as { user: { id: string } };
  await signIn(page, account);
  await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
  await page.goto("/settings");
  const mailed = page.getByRole("checkbox", { name: "An export is ready: E-mail" });
  await expect(mailed).toBeChecked();

  const anybody = await (await browser.newContext()).newPage();
  await anybody.goto(optOutLink(ferry.secret, user.id));
  await expect(anybody.getByRole("heading", { name: "No more mail", level: 1 })).toBeVisible();
  await expectNoViolations(anybody, "no more mail");
  await page.reload();
  await expect(mailed).toBeChecked();
  await anybody.getByRole("button", { name: "Stop all mail" }).click();
  await expect(
    anybody.getByRole("status").filter({ hasText: "Nothing is mailed to you any more." }),
  ).toBeVisible();
  await page.reload();
  await expect(mailed).not.toBeChecked();

  await anybody.goto("/mail-opt-out");
  await anybody.getByRole("button", { name: "Stop all mail" }).click();
  await expect(anybody.getByText("That did not work")).toBeVisible();
  await expectNoViolations(anybody, "no more mail, refused");
  await anybody.context().close();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("bell, page and choices fit", async ({ page }) => {
    await signUp(page);
    await exportAccount(page);
    await bell(page, 1).tap();
    const popover = page.getByRole("dialog", { name: "Notifications" });
    await expect(popover.getByRole("listitem")).toHaveCount(1);
    const fits = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    expect(await fits()).toBe(true);
    const box = await popover.boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    await popover.getByRole("link", { name: "Settings" }).tap();
    await expect(page.getByRole("table", { name: "What you are told, and how" })).toBeVisible();
    expect(await fits()).toBe(true);
    await expectNoViolations(page, "settings on a phone");
    await page.goto("/notifications");
    await expect(page.getByRole("list", { name: "Notifications" }).getByRole("listitem")).toHaveCount(1);
    expect(await fits()).toBe(true);
  });
});
