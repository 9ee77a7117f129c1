import type { APIRequestContext } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signIn, signUp } from "./pages/account";
import { expectNoViolations } from "./pages/axe";
import { CollectionPage } from "./pages/collection-page";

interface Stored {
  id: string;
  version: number;
}

/** A collection made by API calls that carry the page's session. */
async function collectionWith(request: APIRequestContext, names: readonly string[]): Promise<string> {
  const headers = { "sec-fetch-site": "same-origin" };
  const made = await request.post("/api/v1/collections", {
    headers,
    data: {
      name: "People",
      fields: [
        { name: "name", type: "text", required: true },
        { name: "age", type: "integer" },
        { name: "born", type: "date" },
      ],
    },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  for (const name of names) {
    const data = { name, age: name.length };
    const added = await request.post(`/api/v1/collections/${id}/records`, { headers, data: { data } });
    expect(added.status()).toBe(201);
  }
  return id;
}

test("records are found, sorted, edited in place, added and deleted", async ({ page }) => {
  await signUp(page);
  const id = await collectionWith(page.request, ["Ada", "Grace", "Barbara", "Hedy"]);
  await page.goto(`/collections/${id}`);
  const records = new CollectionPage(page);
  await records.shows(4);

  await records.sortBy("Name");
  await expect(records.cell(0, 0)).toContainText("Ada");
  await expect(records.cell(1, 0)).toContainText("Barbara");
  await records.sortBy("Name");
  await expect(records.cell(0, 0)).toContainText("Hedy");

  await records.search("grac");
  await records.shows(1);
  await expect(records.cell(0, 0)).toContainText("Grace");
  await records.search("");
  await records.shows(4);

  await records.cell(0, 1).dblclick();
  await page.getByRole("textbox", { name: "Age" }).fill("85");
  await page.keyboard.press("Enter");
  await expect(records.cell(0, 1)).toHaveText("85");

  await page.getByRole("button", { name: "Add record" }).click();
  const drawer = page.getByRole("dialog", { name: "Add a record" });
  await drawer.getByLabel("Name").fill("Margaret");
  await drawer.getByRole("button", { name: "Add record" }).click();
  await records.shows(5);

  await records.grid.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await records.shows(4);

  // The notice with its undo goes away; what was deleted does not.
  await page.getByRole("tab", { name: "Deleted" }).click();
  const deleted = page.getByRole("list", { name: "Deleted records" });
  await expect(deleted.getByRole("listitem")).toHaveCount(1);
  await expectNoViolations(page, "deleted records");
  await deleted.getByRole("button", { name: /^Put back/ }).click();
  await expect(page.getByText("No deleted records")).toBeVisible();
  await page.getByRole("tab", { name: "Records" }).click();
  await records.shows(5);
});

test("a value that does not fit is refused in its cell, in words", async ({ page, ferry }) => {
  ferry.expectConsoleError(/422/);
  await signUp(page);
  const id = await collectionWith(page.request, ["Ada"]);
  await page.goto(`/collections/${id}`);
  const records = new CollectionPage(page);
  await records.shows(1);
  await records.cell(0, 1).dblclick();
  await page.getByRole("textbox", { name: "Age" }).fill("very old");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "very old" })).toBeAttached();
  await page.keyboard.press("Escape");
  await expect(records.cell(0, 1)).toHaveText("3");
});

test("an edit of a record that changed meanwhile shows both and asks", async ({ page, ferry }) => {
  ferry.expectConsoleError(/412/);
  await signUp(page);
  const id = await collectionWith(page.request, ["Ada"]);
  await page.goto(`/collections/${id}`);
  const records = new CollectionPage(page);
  await records.shows(1);

  const path = `/api/v1/collections/${id}/records`;
  const { items } = (await (await page.request.get(path)).json()) as { items: Stored[] };
  const seen = items[0]!;
  const elsewhere = await page.request.patch(`${path}/${seen.id}`, {
    headers: { "if-match": `"${seen.version}"`, "sec-fetch-site": "same-origin" },
    data: { data: { age: 36 } },
  });
  expect(elsewhere.status()).toBe(200);

  await records.cell(0, 1).dblclick();
  await page.getByRole("textbox", { name: "Age" }).fill("40");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "This record was changed meanwhile" });
  await expect(dialog.getByRole("cell", { name: "36" })).toBeVisible();
  await dialog.getByRole("button", { name: "Store mine" }).click();
  await expect(records.cell(0, 1)).toHaveText("40");
});

test("somebody else's collection is not there", async ({ page, browser, baseURL, ferry }) => {
  ferry.expectConsoleError(/404/);
  await signUp(page);
  const id = await collectionWith(page.request, ["Ada"]);
  const stranger = await (await browser.newContext({ baseURL })).newPage();
  await signUp(stranger);
  await stranger.goto(`/collections/${id}`);
  await expect(stranger.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await stranger.context().close();
});

test("a wrong password is answered kindly, and the page asked for is opened after the right one", async ({
  page,
  ferry,
}) => {
  ferry.expectConsoleError(/401/);
  const account = await signUp(page);
  // A page that is still open would itself go to the sign-in page, in the middle of the next step.
  await page.goto("about:blank");
  await page.context().clearCookies();
  await page.goto("/activity");
  await expect(page).toHaveURL(/sign-in/);
  await signIn(page, { ...account, password: "not the right one" });
  await expect(page.getByText("E-mail address and password do not match an account.")).toBeVisible();
  await page.goto("/activity");
  await page.getByLabel("E-mail address").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/activity$/);
});
