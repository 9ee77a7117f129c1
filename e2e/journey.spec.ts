import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { CollectionPage } from "./pages/collection-page";
import { csvFile, ImportWizard } from "./pages/import-wizard";

const TRIPS = [
  "Country;Entry Date;Exit Date;Visa Type;Max Days;Passport Country;Duration;Notes",
  "Japan;2024-03-04;2024-03-18;Tourist;90;Germany;15;cherry blossom",
  "VN;2024-05-01;;e-Visa;30;Germany;;still there",
  "South Korea;not a date;2023-06-07;K-ETA;90;Germany;3;",
  "Portugal;2022-08-10;2022-08-24;None;90;Germany;15;=1+1",
].join("\r\n");

test("a CSV comes in, is looked at, undone, comes in again, and goes out as JSON and CSV", async ({
  page,
}) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose(csvFile("my trips.csv", TRIPS));

  await wizard.mapped();
  await expect(page.getByLabel("Collection")).toHaveValue("new:trips");
  await expect(wizard.fieldFor("Visa Type")).toHaveValue("visaType");
  await expect(wizard.fieldFor("Duration")).toHaveValue("+ignore");

  await wizard.check();
  await expect(page.getByText("1 cell cannot be stored", { exact: false })).toBeVisible();
  await wizard.checkAllRows();
  expect(await wizard.count("What will happen", "New")).toBe(3);
  expect(await wizard.count("What will happen", "Invalid")).toBe(1);
  await wizard.import();
  expect(await wizard.count("Result", "Imported")).toBe(3);
  expect(await wizard.count("Result", "Failed")).toBe(1);
  await expect(page.getByRole("form", { name: "Row 4" }).getByLabel("Entry Date")).toHaveValue("not a date");

  const result = page.url();
  await page.getByRole("link", { name: "Show the records" }).click();
  const records = new CollectionPage(page);
  await records.shows(3);
  await expect(records.cell(1, 0)).toContainText("Vietnam");
  await expect(records.cell(0, 7)).toHaveText("15 days");

  await page.goto(result);
  await wizard.undo();
  await page.reload();
  await expect(page.getByText("This import was undone")).toBeVisible();

  await wizard.open();
  await wizard.choose(csvFile("my trips.csv", TRIPS));
  await wizard.acceptEverything();
  await page.getByRole("link", { name: "Show the records" }).click();
  await records.shows(3);

  const csv = await records.export("CSV");
  expect(csv).toContain("'=1+1");
  const json = await records.export("JSON");
  expect(JSON.parse(json)).toBeTruthy();

  await wizard.open();
  await wizard.choose({ name: "export.json", mimeType: "application/json", buffer: Buffer.from(json) });
  await wizard.mapped();
  await wizard.check();
  await wizard.checkAllRows();
  expect(await wizard.count("What will happen", "Unchanged")).toBe(3);
  expect(await wizard.count("What will happen", "New")).toBe(0);
});
