import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { expectNoViolations } from "./pages/axe";
import { signUp } from "./pages/account";
import { makeBackup, restoreAll } from "./pages/backups-page";
import { editRecord, importFile, recordsBy } from "./pages/imports-api";

const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Notes";
const FIRST = [
  HEADER,
  "Japan,2024-03-04,2024-03-18,Tourist,90,old",
  "Peru,2024-01-02,2024-02-01,Tourist,90,old",
  "Vietnam,2024-05-01,2024-05-20,e-Visa,30,old",
].join("\n");
const SECOND = [
  HEADER,
  "Japan,2024-03-04,2024-03-18,Tourist,60,new",
  "Peru,2024-01-02,2024-02-01,Tourist,60,new",
  "Vietnam,2024-05-01,2024-05-20,e-Visa,45,new",
  "Chile,2025-01-01,2025-02-01,None,90,new",
].join("\n");

/** Two imports into one collection, the second one over the first, and two edits by hand after it. */
async function editedImport(page: Page): Promise<{ id: string; collectionId: string }> {
  const { request } = page;
  const { collectionId } = await importFile(request, { fileName: "first.csv", csv: FIRST });
  const { id } = await importFile(request, {
    fileName: "second.csv",
    csv: SECOND,
    collectionId,
    options: { onConflict: "overwrite" },
  });
  const records = await recordsBy(request, collectionId, "country");
  await editRecord(request, collectionId, records.get("Japan")!, { notes: "mine" });
  await editRecord(request, collectionId, records.get("Peru")!, { notes: "mine" });
  return { id, collectionId };
}

test("edits since an import are kept or taken back one by one, and the undo is undone and done again", async ({
  page,
}) => {
  await signUp(page);
  const { id, collectionId } = await editedImport(page);
  const stored = async () => {
    const records = await recordsBy(page.request, collectionId, "country");
    return Object.fromEntries(
      [...records].map(([country, { data }]) => [country, `${data.maxDays} ${data.notes}`]),
    );
  };

  await page.goto(`/collections/${collectionId}`);
  await page.getByRole("tab", { name: "Imports" }).click();
  const list = page.getByRole("list", { name: "Imports" });
  await list.getByRole("button", { name: "Undo second.csv" }).click();
  const dialog = page.getByRole("dialog", { name: "Undo this import" });
  await expect(dialog.getByText("1 record that it added will be removed.")).toBeVisible();
  await expect(dialog.getByText("1 record that it updated will be as before.")).toBeVisible();
  await expect(dialog.getByText("2 records were edited since the import")).toBeVisible();
  await dialog
    .getByRole("radiogroup", { name: /^Peru.*: keep or revert$/ })
    .getByText("Revert", { exact: true })
    .click();
  await dialog
    .getByRole("radiogroup", { name: /^Max Days of Japan/ })
    .getByText("Revert", { exact: true })
    .click();
  await expect(dialog.getByText("1 kept, 1 taken back.")).toBeVisible();
  await expectNoViolations(page, "undo dialog");
  await dialog.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(list.getByText("Undone", { exact: true })).toBeVisible({ timeout: 60_000 });
  const undone = { Japan: "90 mine", Peru: "90 old", Vietnam: "30 old" };
  expect(await stored()).toEqual(undone);

  await list.getByRole("button", { name: "Bring it back" }).click();
  const back = page.getByRole("dialog", { name: "Bring this import back" });
  await expect(back.getByText("1 record will be there again.")).toBeVisible();
  await back.getByRole("button", { name: "Bring it back" }).click();
  await expect(list.getByRole("button", { name: "Undo second.csv" })).toBeVisible({ timeout: 60_000 });
  expect(await stored()).toEqual({
    Japan: "60 mine",
    Peru: "60 mine",
    Vietnam: "45 new",
    Chile: "90 new",
  });

  await page.goto(`/imports/${id}`);
  await page.getByRole("button", { name: "Undo this import" }).click();
  await dialog.getByRole("radio", { name: "Take them all back too; the edits are lost" }).check();
  await dialog.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText("This import was undone")).toBeVisible({ timeout: 60_000 });
  expect(await stored()).toEqual({ Japan: "90 old", Peru: "90 old", Vietnam: "30 old" });
});

test("a finished import is undone and brought back from the activity", async ({ page }) => {
  await signUp(page);
  const { collectionId } = await importFile(page.request, { fileName: "first.csv", csv: FIRST });
  await page.goto("/activity");
  await page.getByRole("button", { name: "Undo first.csv" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  const back = page.getByRole("button", { name: "Bring it back" });
  await expect(back).toBeVisible({ timeout: 60_000 });
  await expectNoViolations(page, "activity");
  await back.click();
  await page.getByRole("dialog").getByRole("button", { name: "Bring it back" }).click();
  await expect(page.getByRole("button", { name: "Undo first.csv" })).toBeVisible({ timeout: 60_000 });
  expect((await recordsBy(page.request, collectionId, "country")).size).toBe(3);
});

test("an undo names the imports and restores that built on it, and needs no mouse", async ({ page }) => {
  await signUp(page);
  const first = await importFile(page.request, { fileName: "first.csv", csv: FIRST });
  const { collectionId } = first;
  const backup = await makeBackup(page.request);
  await importFile(page.request, {
    fileName: "second.csv",
    csv: SECOND,
    collectionId,
    options: { onConflict: "overwrite" },
  });
  const restoreId = await restoreAll(page.request, backup.id);
  await page.goto(`/imports/${first.id}`);
  await page.getByRole("button", { name: "Undo this import" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Undo this import" });
  await expect(dialog.getByRole("link", { name: "second.csv" })).toBeVisible();
  const restored = dialog.getByRole("listitem").filter({ hasText: ", restored " }).getByRole("link");
  await expect(restored).toHaveAttribute("href", `/backups/restores/${restoreId}`);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Undo this import" })).toBeFocused();
});
