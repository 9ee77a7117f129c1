import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { CollectionPage } from "./pages/collection-page";
import { csvFile, ImportWizard } from "./pages/import-wizard";

/** Presses Tab until the element that bears this name has the focus, as a person without a mouse would. */
async function tabTo(page: Page, role: string, name: string | RegExp): Promise<void> {
  const target = page.getByRole(role as "button", { name, exact: typeof name === "string" }).first();
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches ${role} ${String(name)}`);
}

test("an import and an edit need no mouse", async ({ page }) => {
  await signUp(page);
  await page.goto("/import");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  const choosing = page.waitForEvent("filechooser");
  await tabTo(page, "button", "Choose files");
  await page.keyboard.press("Enter");
  await (await choosing).setFiles(csvFile("people.csv", "name,age\nAda,36\nGrace,85\n"));
  const wizard = new ImportWizard(page);
  await wizard.mapped();
  await tabTo(page, "button", "Continue to check");
  await page.keyboard.press("Enter");
  await tabTo(page, "button", "Check all rows");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "What will happen" })).toBeVisible({ timeout: 90_000 });
  await tabTo(page, "button", /^Import \d/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Show the records" })).toBeVisible({ timeout: 90_000 });
  await tabTo(page, "link", "Show the records");
  await page.keyboard.press("Enter");

  const records = new CollectionPage(page);
  await records.shows(2);
  await tabTo(page, "grid", /^Records of/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F2");
  await page.keyboard.type("86");
  await page.keyboard.press("Tab");
  await expect(records.cell(1, 1)).toHaveText("86");
  await expect(records.grid).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Record" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});
