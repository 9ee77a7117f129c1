import { readFile } from "node:fs/promises";
import { expect, type Locator, type Page } from "@playwright/test";

/** The record browser of one collection. */
export class CollectionPage {
  readonly grid: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole("grid");
  }

  /** Waits until that many records are listed. */
  async shows(records: number): Promise<void> {
    await expect(this.grid).toHaveAttribute("aria-rowcount", String(records + 1), { timeout: 30_000 });
    await expect(this.grid).toHaveAttribute("aria-busy", "false");
  }

  row(index: number): Locator {
    return this.grid.locator(`[role="row"][aria-rowindex="${index + 2}"]`);
  }

  cell(row: number, column: number): Locator {
    return this.row(row).locator(`[aria-colindex="${column + 1}"]`);
  }

  async sortBy(column: string): Promise<void> {
    await this.grid.getByRole("columnheader", { name: column }).getByRole("button").click();
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole("searchbox", { name: "Search the records" }).fill(text);
  }

  /** Exports the collection and answers the file's text. */
  async export(format: "CSV" | "JSON"): Promise<string> {
    await this.page.getByRole("button", { name: "Export", exact: true }).click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByRole("radio", { name: format, exact: true }).check();
    await dialog.getByRole("button", { name: "Export", exact: true }).click();
    const link = dialog.getByRole("link", { name: "Download" });
    await expect(link).toBeVisible({ timeout: 60_000 });
    const arriving = this.page.waitForEvent("download");
    await link.click();
    const text = await readFile(await (await arriving).path(), "utf8");
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(dialog).toBeHidden();
    return text;
  }
}
