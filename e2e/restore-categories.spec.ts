import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { expectNoViolations } from "./pages/axe";
import { BackupsPage, changeGuest, inviteGuests, makeBackup } from "./pages/backups-page";

const PASSPHRASE = "correct horse battery";
const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };

type Delivery = { inApp: boolean; byMail: boolean };

/** Chooses, over the API, how the account is told of backups that were made. */
async function tellOfBackups(request: APIRequestContext, delivery: Delivery): Promise<void> {
  const path = "/api/v1/notification-preferences";
  const { topics } = (await (await request.get(path)).json()) as { topics: Record<string, Delivery> };
  const saved = await request.put(path, {
    headers: SAME_ORIGIN,
    data: { topics: { ...topics, "backup-made": delivery } },
  });
  expect(saved.status()).toBe(200);
}

/** Has the page's restore carried out, as a person says it, and waits for its end. */
async function restore(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).click();
  await expect(page.getByRole("button", { name: "Undo this restore" })).toBeVisible({ timeout: 60_000 });
}

test.describe("in the dark theme", () => {
  test.use({ colorScheme: "dark" });

  test("preferences are looked at, chosen by keyboard, restored, and the restore undone", async ({
    page,
  }) => {
    await signUp(page);
    await inviteGuests(page.request, ["Ada"]);
    await tellOfBackups(page.request, { inApp: true, byMail: false });
    await makeBackup(page.request);
    await tellOfBackups(page.request, { inApp: false, byMail: false });
    const backups = new BackupsPage(page);
    await backups.open();
    await expect(backups.newest().getByText("1 record of 1 collection · 5 preferences")).toBeVisible();
    await page.getByRole("link", { name: /^Restore from the full backup/ }).click();
    await page.getByRole("button", { name: "Look at what would happen" }).click();

    const section = page.getByRole("region", { name: "Besides your collections" });
    const choice = section.getByRole("checkbox", { name: "Preferences: take back" });
    await expect(choice).not.toBeChecked({ timeout: 60_000 });
    await expect(page.getByRole("button", { name: "Nothing to restore" })).toBeDisabled();
    await expect(section.getByRole("checkbox", { name: "Notification history" })).toBeDisabled();
    await expect(section.getByText("Ferry computes them from the records")).toBeVisible();
    await section.getByRole("button", { name: "Show what differs" }).press("Enter");
    const row = section.getByRole("row", { name: "Told of: A backup was made" });
    await expect(row.getByRole("cell")).toHaveText(["Not at all", "In Ferry"]);
    await choice.press("Space");
    await expect(choice).toBeChecked();
    await expectNoViolations(page, "restore: plan with categories");

    await restore(page, "Restore 1 preference");
    await expect(page.getByRole("heading", { name: "1 preference set back" })).toBeVisible();
    await expectNoViolations(page, "restore: result with categories");
    const told = async () => {
      await page.goto("/settings");
      return page
        .getByRole("row", { name: /^A backup was made/ })
        .getByRole("checkbox", { name: /In Ferry/ });
    };
    const restored = page.url();
    await expect(await told()).toBeChecked();
    await page.goto(restored);
    await page.getByRole("button", { name: "Undo this restore" }).click();
    const dialog = page.getByRole("dialog", { name: "Undo this restore" });
    await expect(dialog.getByText("1 preference will be as before.")).toBeVisible();
    await dialog.getByRole("button", { name: "Undo", exact: true }).click();
    await expect(page.getByText("1 preference as before.")).toBeVisible({ timeout: 60_000 });
    await expect(await told()).not.toBeChecked();
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("another account gets the preferences and the history of a file, and can leave them", async ({
    page,
    browser,
    baseURL,
  }) => {
    const theirs = await browser.newContext({ baseURL });
    const owner = await theirs.newPage();
    await signUp(owner);
    const { id, guests } = await inviteGuests(owner.request, ["Ada"]);
    await tellOfBackups(owner.request, { inApp: true, byMail: false });
    await makeBackup(owner.request);
    await changeGuest(owner.request, id, guests[0]!, { city: "Ockham" });
    const backup = await makeBackup(owner.request, {
      encryption: { mode: "passphrase", passphrase: PASSPHRASE },
    });
    const file = await (await owner.request.get(`/api/v1/backups/${backup.id}/download`)).body();
    await theirs.close();

    await signUp(page);
    await page.goto("/backups/restore-file");
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: "theirs.tar.gz.age", mimeType: "application/octet-stream", buffer: file });
    await page
      .getByLabel(/passphrase/i)
      .first()
      .fill(PASSPHRASE);
    await page.getByRole("button", { name: "Look at what would happen" }).tap();
    const section = page.getByRole("region", { name: "Besides your collections" });
    const history = section.getByRole("checkbox", { name: "Notification history: take back" });
    await expect(history).toBeChecked({ timeout: 60_000 });
    const preferences = section.getByRole("checkbox", { name: "Preferences: take back" });
    await expect(preferences).toBeChecked();
    await section.getByRole("button", { name: "Show what differs" }).tap();
    await expect(section.getByRole("row", { name: /A backup was made/ })).toBeVisible();
    const hidden = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(hidden).toBeLessThanOrEqual(0);
    await expectNoViolations(page, "restore from a file: plan with categories");
    await preferences.tap();
    await restore(page, "Restore 1 record");
    await expect(
      page.getByRole("heading", { name: /1 record came back, 1 notification came back/ }),
    ).toBeVisible();
    await page.goto("/notifications");
    await expect(page.getByText("Your backup was made")).toBeVisible();
    await page.goto("/settings");
    const told = page
      .getByRole("row", { name: /^A backup was made/ })
      .getByRole("checkbox", { name: /In Ferry/ });
    await expect(told).not.toBeChecked();
  });
});
