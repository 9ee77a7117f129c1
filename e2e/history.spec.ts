import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { CollectionPage } from "./pages/collection-page";

const HEADERS = { "sec-fetch-site": "same-origin" };

/** One record in a collection of its own; answers the collection's address. */
async function oneRecord(request: APIRequestContext, data: object): Promise<string> {
  const fields = [
    { name: "name", label: "Name", type: "text", required: true },
    { name: "age", label: "Age", type: "integer" },
  ];
  const made = await request.post("/api/v1/collections", {
    headers: HEADERS,
    data: { name: "People", fields },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const added = await request.post(`/api/v1/collections/${id}/records`, { headers: HEADERS, data: { data } });
  expect(added.status()).toBe(201);
  return `/collections/${id}`;
}

async function editAge(records: CollectionPage, age: string): Promise<void> {
  await records.cell(0, 1).dblclick();
  await records.page.getByRole("textbox", { name: "Age" }).fill(age);
  await records.page.keyboard.press("Enter");
  await expect(records.cell(0, 1)).toHaveText(age);
}

async function openHistory(page: Page): Promise<Locator> {
  const drawer = page.getByRole("dialog", { name: "Record" });
  await drawer.getByRole("tab", { name: "History" }).click();
  return drawer.getByRole("list", { name: "Changes, newest first" }).getByRole("listitem");
}

test("a value that was edited twice shows both edits in its history, and goes back", async ({ page }) => {
  await signUp(page);
  await page.goto(await oneRecord(page.request, { name: "Ada", age: 36 }));
  const records = new CollectionPage(page);
  await records.shows(1);
  await editAge(records, "40");
  await editAge(records, "41");

  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Space");
  const drawer = page.getByRole("dialog", { name: "Record" });
  await expect(drawer.getByLabel("Age")).toHaveAccessibleDescription(/^By hand, /);
  const entries = await openHistory(page);
  await expect(entries).toHaveCount(3);
  await expect(entries.nth(0)).toContainText("from 40 to 41");
  await expect(entries.nth(1)).toContainText("from 36 to 40");
  await expect(entries.nth(2)).toContainText("Added by hand");
  await expect(entries.nth(0).getByRole("button")).toHaveCount(0);

  await entries.nth(2).getByRole("button", { name: "Go back to this" }).click();
  const dialog = page.getByRole("dialog", { name: "Go back to this?" });
  await expect(dialog.getByRole("row", { name: "Age 41 36" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Keep it as it is" })).toBeFocused();
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(dialog).toBeHidden();
  await expect(entries).toHaveCount(4);
  await expect(entries.nth(0)).toContainText("Set back by hand");

  await drawer.getByRole("tab", { name: "Values" }).click();
  await expect(drawer.getByLabel("Age")).toHaveValue("36");
  await expect(drawer.getByLabel("Age")).toHaveAccessibleDescription(/^Set back by hand, /);
  await drawer.getByRole("button", { name: "Close" }).click();
  await expect(records.cell(0, 1)).toHaveText("36");
});

test("a deletion is undone from its notice", async ({ page }) => {
  await signUp(page);
  await page.goto(await oneRecord(page.request, { name: "Grace", age: 85 }));
  const records = new CollectionPage(page);
  await records.shows(1);
  await records.grid.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await records.shows(0);
  const notice = page.getByRole("alert").filter({ hasText: "The record was deleted." });
  await notice.getByRole("button", { name: "Undo" }).click();
  await records.shows(1);
  await expect(records.cell(0, 0)).toContainText("Grace");
  await records.grid.focus();
  await page.keyboard.press("Space");
  const entries = await openHistory(page);
  await expect(entries.nth(0)).toContainText("Put back by hand");
  await expect(entries.nth(1)).toContainText("Deleted by hand");
});

test("going back to a version is refused when the record changed meanwhile, and asked again", async ({
  page,
  ferry,
}) => {
  ferry.expectConsoleError(/412/);
  await signUp(page);
  const path = await oneRecord(page.request, { name: "Ada", age: 36 });
  const api = `/api/v1${path}/records`;
  const { items } = (await (await page.request.get(api)).json()) as { items: { id: string }[] };
  const change = async (age: number) => {
    const options = { headers: HEADERS, data: { data: { age } } };
    expect((await page.request.patch(`${api}/${items[0]!.id}`, options)).status()).toBe(200);
  };
  await change(37);
  await page.goto(path);
  const records = new CollectionPage(page);
  await records.shows(1);
  await records.grid.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Space");
  const entries = await openHistory(page);
  await entries.nth(1).getByRole("button", { name: "Go back to this" }).click();
  const dialog = page.getByRole("dialog", { name: "Go back to this?" });
  await expect(dialog.getByRole("row", { name: "Age 37 36" })).toBeVisible();
  await change(50);
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The record was changed meanwhile");
  await expect(dialog.getByRole("row", { name: "Age 50 36" })).toBeVisible();
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(dialog).toBeHidden();
  await expect(entries).toHaveCount(4);
});

for (const scheme of ["light", "dark"] as const) {
  test(`the history passes axe in the ${scheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await signUp(page);
    await page.goto(await oneRecord(page.request, { name: "Ada", age: 36 }));
    const records = new CollectionPage(page);
    await records.shows(1);
    await editAge(records, "40");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Space");
    const entries = await openHistory(page);
    await expect(entries).toHaveCount(2);
    await passesAxe(page);
    await entries.nth(1).getByRole("button", { name: "Go back to this" }).click();
    await expect(page.getByRole("dialog", { name: "Go back to this?" })).toBeVisible();
    await passesAxe(page);
  });
}

async function passesAxe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(
    violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.target.join(" ")).join(" | ")}`),
  ).toEqual([]);
}
