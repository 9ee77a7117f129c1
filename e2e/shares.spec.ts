import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { expectNoViolations } from "./pages/axe";

const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };
const PASSWORD = "a word to share";

/** A finished export with a field that is withheld; answers its bytes. */
async function finishedExport(page: Page): Promise<Buffer> {
  const fields = [{ name: "name", type: "text", personal: true }];
  const data = { name: "Guests", fields };
  const collection = await page.request.post("/api/v1/collections", { headers: SAME_ORIGIN, data });
  expect(collection.status()).toBe(201);
  const headers = { ...SAME_ORIGIN, prefer: "wait=60" };
  const wish = { format: "json", privacy: { excludePersonalData: true } };
  const made = await page.request.post("/api/v1/exports", { headers, data: wish });
  expect(made.status()).toBe(200);
  const { downloadUrl } = (await made.json()) as { downloadUrl: string };
  return (await page.request.get(downloadUrl)).body();
}

/** Somebody with no account, who opens links in a browser of their own. */
async function visitor(browser: Browser, scheme: "light" | "dark"): Promise<Page> {
  return (await browser.newContext({ colorScheme: scheme })).newPage();
}

async function openShareDialog(page: Page): Promise<Locator> {
  await page.goto("/exports");
  await page.getByRole("button", { name: /^Share / }).click();
  const dialog = page.getByRole("dialog", { name: /^Share / });
  await expect(dialog.getByText("None yet.")).toBeVisible();
  return dialog;
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(`in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("an export is shared, opened with its password, downloaded, and revoked", async ({
      page,
      browser,
      ferry,
    }) => {
      await signUp(page);
      const whole = await finishedExport(page);
      const dialog = await openShareDialog(page);
      await dialog.getByLabel("The link works for").selectOption({ label: "1 day" });
      await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await dialog.getByLabel("Downloads at most").fill("2");
      await expectNoViolations(page, "share");
      await dialog.getByRole("button", { name: "Create link" }).click();
      const address = await dialog.getByLabel("Link", { exact: true }).inputValue();
      expect(address).toMatch(new RegExp(`^${ferry.url}/s/[\\w-]{43}$`));
      await expect(dialog.getByText("0 of 2 downloads · opened 0 times · with a password")).toBeVisible();
      await expectNoViolations(page, "a new link");

      const guest = await visitor(browser, scheme);
      const arrival = await guest.goto(address);
      expect(arrival?.headers()).toMatchObject({
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow, noarchive",
        "cache-control": "no-store",
      });
      await expect(guest.getByLabel("Password", { exact: true })).toBeFocused();
      await expect(guest.getByText(".json")).toHaveCount(0);
      await expectNoViolations(guest, "a link with a password");
      await guest.keyboard.type("not this one");
      await guest.keyboard.press("Enter");
      await expect(guest.getByRole("alert", { name: "The file stays closed" })).toContainText(
        "not the password of the link",
      );
      await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await guest.keyboard.press("Enter");
      await expect(guest.getByText(/^ferry-export-.*\.json$|^Guests-.*\.json$/)).toBeVisible();
      await expect(guest.getByText("Guests / Name: left out")).toBeVisible();
      await expectNoViolations(guest, "a shared file");
      await expect(guest.getByRole("button", { name: "Download" })).toBeFocused();
      const arriving = guest.waitForEvent("download");
      await guest.keyboard.press("Enter");
      expect((await readFile(await (await arriving).path())).equals(whole)).toBe(true);
      await expect(guest.getByRole("link", { name: "Download again" })).toBeFocused();
      await expect(guest.getByRole("definition").last()).toHaveText("1");
      const again = guest.waitForEvent("download");
      await guest.keyboard.press("Enter");
      expect((await readFile(await (await again).path())).equals(whole)).toBe(true);

      const used = dialog.getByText("1 of 2 downloads · opened 1 time · with a password");
      await expect(used).toBeVisible();
      await dialog.getByRole("button", { name: /^Log of the link/ }).click();
      const log = dialog.getByRole("list", { name: "Uses of the link" });
      await expect(log.getByRole("listitem")).toHaveText([/^Download begun/, /^Opened/, /^Wrong password/]);
      await expectNoViolations(page, "the log of a link");
      await dialog.getByRole("button", { name: /^Revoke the link/ }).click();
      await page
        .getByRole("dialog", { name: "Revoke this link?" })
        .getByRole("button", { name: "Revoke" })
        .click();
      await expect(dialog.getByText("Revoked", { exact: true })).toBeVisible();
      await expect(dialog.getByRole("button", { name: /^Log of the link/ })).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(page.getByRole("button", { name: /^Share / })).toBeFocused();
      await guest.reload();
      await expect(guest.getByRole("heading", { name: "This link does not work" })).toBeVisible();
      await expectNoViolations(guest, "a link that is not open");
      await guest.context().close();
    });
  });
}

test("a link that was mistyped says the same as one that has ended", async ({ page, ferry }) => {
  ferry.expectConsoleError(/status of 404/);
  await page.goto(`/s/${"x".repeat(43)}`);
  await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await expect(page.getByText("Ask whoever gave it to you for a new one.")).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("an export is shared, and the file is fetched", async ({ page }) => {
    await signUp(page);
    await finishedExport(page);
    const dialog = await openShareDialog(page);
    const fits = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    await dialog.getByRole("button", { name: "Create link" }).click();
    const address = await dialog.getByLabel("Link", { exact: true }).inputValue();
    await expect(dialog.getByText("0 downloads · opened 0 times · without a password")).toBeVisible();
    expect(await fits()).toBe(true);
    await page.goto(address);
    const arriving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    await arriving;
    expect(await fits()).toBe(true);
  });
});
