import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { CollectionPage } from "./pages/collection-page";
import { csvFile, ImportWizard } from "./pages/import-wizard";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { content, screen } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth,
  }));
  expect(content).toBeLessThanOrEqual(screen);
}

test("a file is imported and its records are read on a phone", async ({ page }) => {
  await signUp(page);
  await expectNoSidewaysScroll(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Import" }).click();
  const wizard = new ImportWizard(page);
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  await expectNoSidewaysScroll(page);
  const header = "A rather long header of a column that goes on and on,Second,Third,Fourth,Fifth,Sixth";
  await wizard.choose(
    csvFile("a-file-with-quite-a-long-name-for-a-phone-2024.csv", `${header}\na,b,c,d,e,f\ng,h,i,j,k,l\n`),
  );
  await wizard.mapped();
  await expectNoSidewaysScroll(page);
  await wizard.check();
  await expectNoSidewaysScroll(page);
  await wizard.checkAllRows();
  await expectNoSidewaysScroll(page);
  await wizard.import();
  await expectNoSidewaysScroll(page);
  await page.getByRole("link", { name: "Show the records" }).click();
  const records = new CollectionPage(page);
  await records.shows(2);
  await expectNoSidewaysScroll(page);
  await records.row(0).getByRole("button", { name: "Open the record" }).click();
  await expect(page.getByRole("dialog", { name: "Record" })).toBeVisible();
  await expectNoSidewaysScroll(page);
});
