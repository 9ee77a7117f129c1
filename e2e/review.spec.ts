import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { CollectionPage } from "./pages/collection-page";
import { csvFile, ImportWizard } from "./pages/import-wizard";
import { ReviewPage } from "./pages/review-page";

const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Notes";
const FIRST = [
  "Japan,2024-03-04,2024-03-18,Tourist,90,cherry blossom",
  "Peru,2023-01-02,2023-02-01,Tourist,90,Lima",
  "Vietnam,2022-05-01,2022-05-20,e-Visa,30,Hanoi",
  "Portugal,2021-08-10,2021-08-24,None,90,Porto",
];
/** The same trips under another file's name: what it says differs, and no import has given it before. */
const SECOND = [
  "Japan,2024-03-04,2024-03-18,Tourist,90,early cherry blossom",
  "Peru,2023-01-02,2023-02-01,Tourist,90,Lima and Cusco",
  "Vietnam,2022-05-01,2022-05-20,e-Visa,45,Hanoi",
  "Portugal,2021-08-10,2021-08-24,None,90,Porto and Faro",
  "South Korea,2020-06-01,2020-06-07,K-ETA,90,Seoul",
];
const csv = (rows: readonly string[]) => [HEADER, ...rows].join("\n");

test("clashing rows are decided by key, by typing, and from a confidence on, and are still decided after a break", async ({
  page,
}) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose(csvFile("trips of mine.csv", csv(FIRST)));
  await wizard.acceptEverything();
  await page.getByRole("link", { name: "Show the records" }).click();
  await new CollectionPage(page).shows(4);

  await page.getByRole("link", { name: "Import", exact: true }).first().click();
  await wizard.choose(csvFile("agency.csv", csv(SECOND)));
  await wizard.mapped();
  const target = page.getByLabel("Collection", { exact: true });
  const mine = await target.locator("option", { hasText: "(4 records)" }).getAttribute("value");
  await target.selectOption(mine);
  await wizard.check();
  await wizard.checkAllRows();
  const review = new ReviewPage(page);
  await review.lists(4);
  await review.open(4);
  await expect(page.getByRole("button", { name: "Import now" })).toBeDisabled();
  await expect(
    review
      .conflict(/^Japan/)
      .getByText("early", { exact: false })
      .locator("visible=true")
      .first(),
  ).toBeVisible();

  // By key: the first is taken from the file, after a look at the evidence and a change of mind.
  await page.keyboard.press("j");
  await expect(review.conflict(/^Japan/)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(review.conflict(/^Japan/).getByRole("table", { name: "How alike they are" })).toBeVisible();
  await page.keyboard.press("s");
  await review.decided(review.conflict(/^Japan/), "keep mine");
  await page.keyboard.press("u");
  await expect(review.conflict(/^Japan/).getByText("Open", { exact: true })).toBeVisible();
  await page.keyboard.press("o");
  await review.decided(review.conflict(/^Japan/), "take the file’s");
  await review.open(3);

  // By merging: a value that stands on neither side.
  await page.keyboard.press("j");
  const peru = review.conflict(/^Peru/);
  await expect(peru).toBeFocused();
  await page.keyboard.press("m");
  await peru.getByRole("radio", { name: "Another value" }).check();
  await peru.getByLabel("Value for Notes").fill("Lima, Cusco and Puno");
  await peru.getByRole("button", { name: "Save the merge" }).click();
  await review.decided(peru, "merge");
  await expect(peru).toBeFocused();
  await expect(peru.getByText("Lima, Cusco and Puno")).toBeVisible();
  await review.open(2);

  // The help says what the keys do.
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys of the review" })).toBeVisible();
  await page.keyboard.press("Escape");

  // Leave, and come back.
  const address = page.url();
  await page.getByRole("link", { name: "Collections", exact: true }).first().click();
  await expect(page.getByRole("heading", { name: "Collections", level: 1 })).toBeVisible();
  await page.goto(address);
  await review.lists(4);
  await review.open(2);
  await review.decided(review.conflict(/^Japan/), "take the file’s");
  await review.decided(review.conflict(/^Peru/), "merge");
  await expect(review.conflict(/^Peru/).getByText("Lima, Cusco and Puno")).toBeVisible();

  // The rest: keep mine for whatever is sure enough.
  await review.decideFrom(50, "Keep mine");
  await review.open(0);
  await review.decided(review.conflict(/^Vietnam/), "keep mine");
  await review.importNow();
  await expect(page.getByRole("link", { name: "Show the records" })).toBeVisible({ timeout: 90_000 });
  expect(await wizard.count("Result", "Imported")).toBe(1);
  expect(await wizard.count("Result", "Updated")).toBe(2);

  await page.getByRole("link", { name: "Show the records" }).click();
  const records = new CollectionPage(page);
  await records.shows(5);
  const grid = records.grid;
  await expect(grid.getByText("early cherry blossom")).toBeVisible();
  await expect(grid.getByText("Lima, Cusco and Puno")).toBeVisible();
  await expect(grid.getByText("Hanoi")).toBeVisible();
  await expect(grid.getByText("Porto", { exact: true })).toBeVisible();
  await expect(grid.getByText("Seoul")).toBeVisible();
});
