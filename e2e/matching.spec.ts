import { expect, test } from "./fixtures/ferry";
import { expectNoViolations } from "./pages/axe";
import { signUp } from "./pages/account";
import { importFile } from "./pages/imports-api";
import { csvFile, ImportWizard } from "./pages/import-wizard";

const HEADER = "Country,Entry Date,Exit Date,Visa Type,Passport Country";
const STORED = [
  HEADER,
  "Japan,2024-03-04,2024-03-18,Tourist,Germany",
  "Peru,2024-01-02,2024-02-01,Tourist,Germany",
  "Vietnam,2024-05-01,2024-05-20,e-Visa,Germany",
].join("\n");
/** The same trips from another source: each begins a day later. */
const SHIFTED = [
  HEADER,
  "Japan,2024-03-05,2024-03-18,Tourist,Germany",
  "Peru,2024-01-03,2024-02-01,Tourist,Germany",
  "Vietnam,2024-05-02,2024-05-20,e-Visa,Germany",
  "Chile,2025-01-01,2025-02-01,None,Germany",
].join("\n");

test("trips whose dates are a day off are recognised, and the rule shows at once what it does", async ({
  page,
}) => {
  await signUp(page);
  const { collectionId } = await importFile(page.request, { fileName: "mine.csv", csv: STORED });

  await page.goto(`/import?collection=${collectionId}`);
  const wizard = new ImportWizard(page);
  await wizard.choose(csvFile("agency.csv", SHIFTED));
  await wizard.mapped();
  await wizard.check();
  await page.getByRole("button", { name: /^Options/ }).click();
  await wizard.pick("By likeness");
  await expect(page.getByRole("button", { name: /^Options Matching by likeness/ })).toBeVisible();
  await expectNoViolations(page, "options");
  await wizard.checkAllRows();
  expect(await wizard.count("What will happen", "New")).toBe(1);
  expect(await wizard.count("What will happen", "Open")).toBe(3);

  await page.goto(`/collections/${collectionId}/matching`);
  const trial = page.getByRole("region", { name: "Trial on real rows" });
  const alike = trial
    .locator("dl > div")
    .filter({ has: page.getByText("Alike", { exact: true }) })
    .locator("dd");
  await expect(alike).toHaveText("3", { timeout: 60_000 });
  await expect(trial.getByRole("row", { name: /^Entry Date/ }).first()).toContainText("50 %");
  await expectNoViolations(page, "matching rule");

  // Half of the entry date's weight is missing: with a greater weight it is missed more.
  const weight = page.getByRole("textbox", { name: "Weight of Entry Date in numbers" });
  await weight.fill("90");
  await expect(alike).toHaveText("0");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect(alike).toHaveText("3");

  await page.getByRole("textbox", { name: "A match from" }).fill("95");
  await expect(alike).toHaveText("0");
  await page.getByRole("button", { name: "Store the rule" }).click();
  await expect(page.getByText("The rule was stored.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("textbox", { name: "A match from" })).toHaveValue("95 %");
  await page.getByRole("button", { name: "Reset to the standard rule" }).click();
  await expect(page.getByRole("textbox", { name: "A match from" })).toHaveValue("80 %");
});

test("a rule by which nothing can match is refused where it is made", async ({ page }) => {
  await signUp(page);
  const { collectionId } = await importFile(page.request, { fileName: "mine.csv", csv: STORED });
  await page.goto(`/collections/${collectionId}/matching`);
  await page.getByRole("textbox", { name: "Suggest a look from" }).fill("95");
  await expect(
    page.getByText("The limit for asking has to be at or below the one for skipping."),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: "Store the rule" })).toBeDisabled();
});

test("a table's identifier is found in its rows, and its key can be changed on its page", async ({
  page,
}) => {
  await signUp(page);
  const csv = "Report No.,State,Cost\nR-1,Texas,5\nR-2,Iowa,7";
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose(csvFile("reports.csv", csv));
  await wizard.acceptEverything();
  await expect(page.getByText("different in every row")).toBeVisible();

  await page.getByRole("link", { name: "Show the records" }).click();
  await page.getByRole("tab", { name: "Matching" }).click();
  const key = page.getByRole("region", { name: "Key" });
  await expect(key.getByText("Report No.", { exact: true })).toBeVisible();
  await expectNoViolations(page, "key");
  await key.getByLabel("Fields that tell records apart", { exact: true }).first().focus();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("option", { name: "State" }).click();
  await page.keyboard.press("Escape");
  await key.getByRole("button", { name: "Store the key" }).click();
  await expect(page.getByText("The key was stored.")).toBeVisible();
  await page.reload();
  await expect(key.getByText("State", { exact: true })).toBeVisible();
});

test("a key is proposed for a file into a collection that has none, and used only when the person says so", async ({
  page,
}) => {
  await signUp(page);
  const headers = { "sec-fetch-site": "same-origin" };
  const fields = [
    { name: "reportNo", label: "Report No.", type: "text" },
    { name: "cost", label: "Cost", type: "integer" },
  ];
  const made = await page.request.post("/api/v1/collections", { headers, data: { name: "Reports", fields } });
  const { id } = (await made.json()) as { id: string };
  for (const reportNo of ["R-1", "R-2"]) {
    const data = { data: { reportNo, cost: 5 } };
    await page.request.post(`/api/v1/collections/${id}/records`, { headers, data });
  }
  await page.goto(`/import?collection=${id}`);
  const wizard = new ImportWizard(page);
  await wizard.choose(csvFile("reports.csv", "Report No.,Cost\nR-1,6\nR-3,7"));
  await wizard.mapped();
  await wizard.check();
  const proposal = page.getByRole("note").filter({ hasText: "Tell records apart by “Report No.”?" });
  await expect(proposal).toBeVisible();
  await expectNoViolations(page, "a proposed key");
  await proposal.getByRole("button", { name: "Use it" }).click();
  await expect(proposal).toBeHidden();
  await page.getByRole("button", { name: "Options" }).click();
  await expect(page.getByText("Report No.", { exact: true }).first()).toBeVisible();
  await wizard.checkAllRows();
  expect(await wizard.count("What will happen", "New")).toBe(1);
});
