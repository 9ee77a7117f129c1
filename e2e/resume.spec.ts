import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { ImportWizard } from "./pages/import-wizard";

const PART_BYTES = 5 * 1024 * 1024;

/** A file of a little over three parts. */
async function bigCsv(folder: string): Promise<string> {
  const line = `${"x".repeat(900)},1\n`;
  const file = path.join(folder, "big.csv");
  await writeFile(file, `text,number\n${line.repeat(Math.ceil((PART_BYTES * 3.2) / line.length))}`);
  return file;
}

test("an upload goes on after a reload, and sends nothing twice", async ({ page, ferry }) => {
  ferry.expectConsoleError(/Failed to load resource|ERR_/);
  const folder = await mkdtemp(path.join(tmpdir(), "ferry-e2e-"));
  try {
    await signUp(page);
    const wizard = new ImportWizard(page);
    const file = await bigCsv(folder);

    let hold = true;
    const sent: number[] = [];
    await page.route(/\/api\/v1\/uploads\/[^/]+\/parts\/\d+/, async (route) => {
      const part = Number(/parts\/(\d+)/.exec(route.request().url())?.[1]);
      if (hold && part > 2) return; // Never answered: the connection hangs until the reload.
      sent.push(part);
      await route.continue();
    });
    await wizard.open();
    await wizard.choose(file);
    await expect.poll(() => sent.toSorted()).toEqual([1, 2]);
    await expect(page.getByText(/of 1\d MB/)).toBeVisible();
    // Both parts are answered when the list of the server has them.
    await expect
      .poll(async () =>
        page.evaluate(async () => {
          const key = Object.keys(localStorage).find((k) => k.startsWith("ferry:upload:")) ?? "";
          const { uploadId } = JSON.parse(localStorage.getItem(key) ?? "{}") as { uploadId: string };
          const answer = await fetch(`/api/v1/uploads/${uploadId}`);
          return ((await answer.json()) as { uploadedParts: unknown[] }).uploadedParts.length;
        }),
      )
      .toBe(2);

    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    hold = false;
    await expect(page.getByText("Unfinished uploads")).toBeVisible();
    await wizard.choose(file);
    await wizard.mapped();
    expect(sent.toSorted()).toEqual([1, 2, 3, 4]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("an import is found again at its own address, at every step", async ({ page }) => {
  await signUp(page);
  const wizard = new ImportWizard(page);
  await wizard.open();
  await wizard.choose({
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("name,age\nAda,36\nGrace,85\n"),
  });
  await wizard.mapped();
  await wizard.fieldFor("age").selectOption("+ignore");
  await expect(page.getByText("1 of 2 are imported")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.reload();
  await wizard.mapped();
  await expect(wizard.fieldFor("age")).toHaveValue("+ignore");

  await wizard.check();
  await page.reload();
  await wizard.checkAllRows();
  await page.reload();
  await expect(page.getByRole("heading", { name: "What will happen" })).toBeVisible();
  await wizard.import();
  await page.reload();
  expect(await wizard.count("Result", "Imported")).toBe(2);

  await page.goto("/activity");
  await page.getByRole("link", { name: /people\.csv/ }).click();
  await expect(page.getByRole("button", { name: "Undo this import" })).toBeVisible();
});
