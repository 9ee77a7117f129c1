import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { csvFile, ImportWizard } from "./pages/import-wizard";

const ROWS = 1_000_000;

/** Large enough for a person to have time to press a button while it is written. */
function bigCsv(): string {
  return `n,text\n${Array.from({ length: ROWS }, (_, i) => `${i},text ${i}\n`).join("")}`;
}

test("an import is paused, resumed, and cancelled so that what is in stays", async ({ page }) => {
  test.setTimeout(300_000);
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose(csvFile("numbers.csv", bigCsv()));
  await wizard.mapped();
  await wizard.check();
  await page.getByRole("button", { name: "Check all rows" }).click();
  await page.getByRole("button", { name: "Import 1,000,000 rows" }).click({ timeout: 180_000 });

  const progress = page.getByRole("region", { name: "Progress" });
  await progress.getByRole("button", { name: "Pause" }).click();
  await expect(progress.getByText("Paused", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(progress.getByText(/other imports into this collection wait/)).toBeVisible();
  await page.reload();
  await progress.getByRole("button", { name: "Resume" }).click();
  await progress.getByRole("button", { name: "Cancel", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel this import" });
  await dialog.getByLabel("Keep what is in").check();
  await dialog.getByRole("button", { name: "Cancel the import" }).click();

  await expect(page.getByText(/The import was cancelled after [\d,]+ of 1,000,000 rows/)).toBeVisible({
    timeout: 60_000,
  });
  const imported = await wizard.count("Result", "Imported");
  expect(imported).toBeGreaterThan(0);
  expect(imported).toBeLessThan(ROWS);
  await page.goto("/activity");
  await expect(
    page.getByRole("link", { name: /Import of numbers\.csv/ }).getByText("Cancelled"),
  ).toBeVisible();
});

test("failed rows are fixed with the keyboard, before and after the import", async ({ page }) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  const header = "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes\n";
  await wizard.choose(
    csvFile(
      "trips.csv",
      `${header}Laos,2024-01-05,,Tourist,30,,a\nPeru,never,,Tourist,,,b\nCuba,2024-01-07,,,,,c\n`,
    ),
  );
  await wizard.mapped();
  await wizard.check();
  await wizard.checkAllRows();
  await expect(page.getByRole("heading", { name: "2 rows cannot be stored" })).toBeVisible();

  const peru = page.getByRole("form", { name: "Row 3" });
  const entry = peru.getByLabel("Entry Date");
  await entry.fill("tomorrow");
  await entry.press("Enter");
  await expect(entry).toHaveAttribute("aria-invalid", "true");
  await expect(peru.getByText("Not saved yet")).toBeHidden();
  await entry.fill("2024-01-06");
  await entry.press("Enter");
  await expect(peru.getByText("Fixed", { exact: true })).toBeVisible();
  await expect(page.getByText("1 of 2 fixed")).toBeVisible();
  await wizard.import();
  expect(await wizard.count("Result", "Imported")).toBe(2);
  expect(await wizard.count("Result", "Failed")).toBe(1);

  const cuba = page.getByRole("form", { name: "Row 4" });
  await cuba.getByLabel("Visa Type").fill("Work");
  // Leaving the row saves it as well.
  await page.getByRole("link", { name: "Download as CSV" }).focus();
  await expect(cuba.getByText("Fixed", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Import 1 fixed row" }).click();
  await expect(page.getByRole("heading", { name: "1 row imported" })).toBeVisible({ timeout: 60_000 });
  expect(await wizard.count("Result", "Failed")).toBe(0);
});

test("an import that was cancelled says that its file is gone when it is run again", async ({
  page,
  ferry,
}) => {
  ferry.expectConsoleError(/409/);
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose(csvFile("people.csv", "name,age\nAda,36\n"));
  await wizard.mapped();
  await wizard.check();
  await wizard.checkAllRows();
  await page.getByRole("button", { name: "Cancel the import" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel the import" }).click();
  await expect(page.getByText("This import was cancelled")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Run it again" }).click();
  await expect(page.getByText(/Choose the file again/)).toBeVisible();
});
