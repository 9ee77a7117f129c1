import { readFile } from "node:fs/promises";
import type { APIRequestContext } from "@playwright/test";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { expectNoViolations } from "./pages/axe";

const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };

/** A collection with one field of personal data, made with the page's session. */
async function guests(request: APIRequestContext): Promise<void> {
  const fields = [
    { name: "name", type: "text", required: true, personal: true },
    { name: "city", type: "text" },
  ];
  const made = await request.post("/api/v1/collections", {
    headers: SAME_ORIGIN,
    data: { name: "Guests", fields },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  for (const [name, city] of [
    ["Ada", "Rome"],
    ["Grace", "Oslo"],
  ]) {
    const data = { data: { name, city } };
    const added = await request.post(`/api/v1/collections/${id}/records`, { headers: SAME_ORIGIN, data });
    expect(added.status()).toBe(201);
  }
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(`in the ${scheme} theme`, () => {
    test.use({ colorScheme: scheme });

    test("an export is chosen in parts, made, downloaded and removed", async ({ page }) => {
      await signUp(page);
      await page.goto("/exports");
      await expect(page.getByText("No exports yet")).toBeVisible();
      await expectNoViolations(page, "exports, empty");
      await guests(page.request);
      await page.reload();
      await page.getByRole("button", { name: "New export" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("radio", { name: "NDJSON" }).check();
      await dialog.getByRole("button", { name: /^Records/ }).click();
      await dialog.getByRole("button", { name: "Add a condition" }).click();
      await dialog.getByLabel("Field", { exact: true }).selectOption({ label: "City" });
      await dialog.getByLabel("Value").fill("Rome");
      await dialog.getByRole("button", { name: /^Personal data/ }).click();
      await dialog.getByRole("radio", { name: "Replace it by pseudonyms" }).check();
      await expectNoViolations(page, "new export");
      await dialog.getByRole("button", { name: "Export", exact: true }).click();
      await expect(dialog.getByRole("link", { name: "Download" })).toBeVisible({ timeout: 60_000 });
      await dialog.getByRole("button", { name: "Close" }).last().click();

      const list = page.getByRole("list", { name: "Exports" });
      await expect(list.getByText("Ready")).toBeVisible();
      await expectNoViolations(page, "exports");
      const arriving = page.waitForEvent("download");
      await list.getByRole("link", { name: /^Download/ }).click();
      const [head, ...lines] = (await readFile(await (await arriving).path(), "utf8")).trim().split("\n");
      expect(head).toContain('"layout":"lines"');
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/"name": "P-[0-9a-f]{16}"/);

      await list.getByRole("button", { name: /^Remove/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await expect(page.getByText("No exports yet")).toBeVisible();
    });
  });
}

test("a download goes on where it broke off, by its link alone", async ({ page, playwright, ferry }) => {
  await signUp(page);
  await guests(page.request);
  const headers = { ...SAME_ORIGIN, prefer: "wait=60" };
  const made = await page.request.post("/api/v1/exports", { headers, data: { format: "xlsx" } });
  const { id, downloadUrl, size } = (await made.json()) as { id: string; downloadUrl: string; size: number };
  const stranger = await playwright.request.newContext({ baseURL: ferry.url });
  const first = await stranger.get(downloadUrl, { headers: { range: "bytes=0-99" } });
  expect(first.status()).toBe(206);
  expect(first.headers()["content-range"]).toBe(`bytes 0-99/${size}`);
  const rest = await stranger.get(downloadUrl, {
    headers: { range: "bytes=100-", "if-range": first.headers().etag ?? "" },
  });
  const whole = await page.request.get(`/api/v1/exports/${id}/download`);
  expect(Buffer.concat([await first.body(), await rest.body()]).equals(await whole.body())).toBe(true);
  const changed = await stranger.get(downloadUrl, {
    headers: { range: "bytes=100-", "if-range": '"other"' },
  });
  expect(changed.status()).toBe(200);
  expect((await stranger.get(`/api/v1/exports/${id}/download`)).status()).toBe(401);
  expect((await stranger.get(downloadUrl.replace("expires=", "expires=9"))).status()).toBe(403);
  await stranger.dispose();
});
