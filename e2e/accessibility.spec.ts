import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { expectNoViolations } from "./pages/axe";
import { CollectionPage } from "./pages/collection-page";
import { csvFile, ImportWizard } from "./pages/import-wizard";

const TRIPS = csvFile(
  "trips.csv",
  "Country,Entry Date,Exit Date,Visa Type\nJP,03/04/2024,12/04/2024,Tourist\nPeru,soon,,Work\n",
);

for (const scheme of ["light", "dark"] as const) {
  test.describe(`in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("every page passes axe", async ({ page }) => {
      await page.goto("/sign-in");
      await expectNoViolations(page, "sign in");
      await signUp(page);
      await expect(page.getByRole("heading", { name: "Start with a template" })).toBeVisible();
      await expectNoViolations(page, "home, empty");

      const wizard = new ImportWizard(page);
      await wizard.open();
      await expectNoViolations(page, "upload");
      await wizard.choose(TRIPS);
      await wizard.mapped();
      await expectNoViolations(page, "map");
      await wizard.pick(/^Day first/);
      await wizard.check();
      await expect(page.getByRole("group", { name: "First rows" })).toBeVisible();
      await expectNoViolations(page, "check");
      await wizard.checkAllRows();
      await expect(page.getByRole("list", { name: "Rows to fix" })).toBeVisible();
      await expectNoViolations(page, "review");
      await wizard.import();
      await expectNoViolations(page, "result");

      await page.getByRole("link", { name: "Show the records" }).click();
      await new CollectionPage(page).shows(1);
      await expectNoViolations(page, "records");
      await page.getByRole("button", { name: "Add record" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNoViolations(page, "add a record");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNoViolations(page, "export");

      for (const [path, heading] of [
        ["/", "Home"],
        ["/collections", "Collections"],
        ["/collections/new", "New collection"],
        ["/activity", "Activity"],
        ["/settings", "Settings"],
      ] as const) {
        await page.goto(path);
        await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
        await expect(page.getByRole("status", { name: "Loading…" })).toHaveCount(0);
        await expectNoViolations(page, path);
      }
    });
  });
}
