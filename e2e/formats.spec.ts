import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { CollectionPage } from "./pages/collection-page";
import { csvFile, ImportWizard } from "./pages/import-wizard";
import { workbook } from "./pages/workbook";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

test("a workbook becomes a table of its own, with types from its cells", async ({ page }) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  const rows = [
    ["Article", "Pieces", "Price"],
    ["Rope", 12, 3.5],
    ["Anchor", 2, 120],
    ["Lämpchen & Söhne", 40, 0.99],
  ];
  await wizard.open();
  await wizard.choose({ name: "stock.xlsx", mimeType: XLSX, buffer: await workbook(rows) });
  await wizard.mapped();
  await expect(page.getByText("Excel workbook")).toBeVisible();
  await expect(page.getByLabel("Type of the new field for column Price")).toHaveValue("decimal");
  await wizard.acceptEverything();
  expect(await wizard.count("Result", "Imported")).toBe(3);
  await page.getByRole("link", { name: "Show the records" }).click();
  const records = new CollectionPage(page);
  await records.shows(3);
  await expect(records.cell(2, 0)).toContainText("Lämpchen & Söhne");
});

test("a workbook that is called .csv is read as what it is", async ({ page }) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose({
    name: "stock.csv",
    mimeType: "text/csv",
    buffer: await workbook([["A"], ["1"], ["2"]]),
  });
  await wizard.mapped();
  await expect(page.getByText("Excel workbook")).toBeVisible();
});

test("what cannot be imported is refused before a byte is sent, with the reason", async ({ page }) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  const uploads: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/v1/uploads")) uploads.push(request.url());
  });
  await wizard.open();
  await wizard.choose([
    csvFile("empty.csv", ""),
    { name: "report.csv", mimeType: "text/csv", buffer: Buffer.from("%PDF-1.7 …") },
  ]);
  await expect(page.getByText("This file is empty.")).toBeVisible();
  await expect(page.getByText("a PDF document", { exact: false })).toBeVisible();
  expect(uploads).toEqual([]);
});

test("a file with a header and nothing below it is explained", async ({ page }) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose(csvFile("header-only.csv", "Country,Entry Date,Visa Type\n"));
  await expect(page.getByRole("alert").filter({ hasText: "There are no rows" })).toBeVisible({
    timeout: 30_000,
  });
});

test("ambiguous dates are asked about, not guessed", async ({ page }) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose(
    csvFile("dates.csv", "Country,Entry Date,Visa Type\nJapan,03/04/2024,Tourist\nPeru,05/06/2024,Tourist\n"),
  );
  await wizard.mapped();
  await wizard.pick("Month first: 03/04/2024 is 4 March 2024");
  await wizard.check();
  await expect(
    page.getByRole("group", { name: "First rows" }).getByText("2024-03-04", { exact: true }),
  ).toBeVisible();
});
