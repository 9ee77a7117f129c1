import type { APIRequestContext, Page } from "@playwright/test";
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

test.describe("while the list of records is asked for anew", () => {
  /** Deletes a row and takes that back, with the answer to the list that is asked for then on its way until let go. */
  async function putBackSlowly(page: Page, records: CollectionPage, row: number, left: number) {
    await records.cell(row, 0).click();
    await page.keyboard.press("Delete");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await records.shows(left);
    await expect(page.getByRole("dialog")).toBeHidden();
    let [isThere, letGo] = [() => undefined as void, () => undefined as void];
    const answered = new Promise<void>((resolve) => (isThere = resolve));
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(
      /\/records\?/,
      async (route) => {
        const response = await route.fetch();
        isThere();
        await held;
        // Nobody may be waiting for it any more.
        await route.fulfill({ response }).catch(() => undefined);
      },
      { times: 1 },
    );
    await page.getByRole("alert").getByRole("button", { name: "Undo" }).click();
    await answered;
    return letGo;
  }

  test("an edit is not taken back by an answer from before it", async ({ page }) => {
    await signUp(page);
    const id = await collectionWith(page.request, ["Ada", "Grace", "Hedy"]);
    await page.goto(`/collections/${id}`);
    const records = new CollectionPage(page);
    await records.shows(3);
    const letGo = await putBackSlowly(page, records, 2, 2);
    await records.cell(0, 1).dblclick();
    await page.getByRole("textbox", { name: "Age" }).fill("85");
    await page.keyboard.press("Enter");
    await expect(records.cell(0, 1)).toHaveText("85");
    letGo();
    await records.shows(3);
    await expect(records.cell(0, 1)).toHaveText("85");
  });

  test("what is being typed stays with its record, though rows come before it", async ({ page }) => {
    await signUp(page);
    const id = await collectionWith(page.request, ["Ada", "Grace", "Hedy"]);
    await page.goto(`/collections/${id}`);
    const records = new CollectionPage(page);
    await records.shows(3);
    const first = (await records.cell(0, 0).textContent())!;
    const second = (await records.cell(1, 0).textContent())!;
    const letGo = await putBackSlowly(page, records, 0, 2);
    await records.cell(0, 1).dblclick();
    const age = page.getByRole("textbox", { name: "Age" });
    await age.fill("85");
    const listed = page.waitForResponse((response) => response.url().includes("/records?"));
    letGo();
    await (await listed).finished();
    await expect(page.getByText("The record is back.")).toBeVisible();
    await expect(age).toHaveValue("85");
    await age.press("Enter");
    await records.shows(3);
    await expect(records.cell(0, 0)).toHaveText(first);
    await expect(records.cell(1, 0)).toHaveText(second);
    await expect(records.cell(1, 1)).toHaveText("85");
  });
});

test("an edit that is not stored is told of, though the next one has begun", async ({ page, ferry }) => {
  ferry.expectConsoleError(/503/);
  await signUp(page);
  const id = await collectionWith(page.request, ["Ada", "Grace"]);
  await page.goto(`/collections/${id}`);
  const records = new CollectionPage(page);
  await records.shows(2);
  let letGo = () => undefined as void;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(
    /\/records\/[0-9a-f-]+$/,
    async (route) => {
      await held;
      await route.fulfill({ status: 503, json: { code: "unavailable", detail: "Not now." } });
    },
    { times: 1 },
  );
  await records.cell(0, 1).dblclick();
  await page.getByRole("textbox", { name: "Age" }).fill("85");
  await records.cell(1, 1).dblclick();
  const age = page.getByRole("textbox", { name: "Age" });
  await expect(age).toHaveCount(1);
  await age.fill("86");
  letGo();
  await expect(page.getByRole("alert").filter({ hasText: "The change was not stored" })).toBeVisible();
  await age.press("Enter");
  await expect(records.cell(1, 1)).toHaveText("86");
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
