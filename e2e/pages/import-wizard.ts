import { expect, type Locator, type Page } from "@playwright/test";

interface MemoryFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A file as a person would drop it. */
export function csvFile(name: string, text: string): MemoryFile {
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

/** The wizard from the drop area to the result, in a person's words. */
export class ImportWizard {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/import");
    await expect(this.page.getByRole("button", { name: "Choose files" })).toBeVisible();
  }

  async choose(files: MemoryFile | MemoryFile[] | string): Promise<void> {
    await expect(this.page.getByRole("group", { name: "Files to import" }).first()).toHaveAttribute(
      "aria-busy",
      "false",
    );
    await this.page.getByTestId("file-input").setInputFiles(files);
  }

  /** Waits until the file is read and its columns are shown. */
  async mapped(): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "Columns", level: 2 })).toBeVisible({
      timeout: 60_000,
    });
  }

  fieldFor(column: string): Locator {
    return this.page.getByLabel(`Field for column ${column}`, { exact: true });
  }

  /** Marks a choice of the draft. The page shows it as soon as the change is on its way, not within the click itself. */
  async pick(choice: string | RegExp): Promise<void> {
    const radio = this.page.getByRole("radio", { name: choice });
    await radio.click();
    await expect(radio).toBeChecked();
  }

  async check(): Promise<void> {
    await this.page.getByRole("button", { name: "Continue to check" }).click();
    await expect(this.page.getByRole("heading", { name: "First rows as they will be stored" })).toBeVisible();
  }

  /** Every row is read; answers when the counts are there. */
  async checkAllRows(): Promise<void> {
    await this.page.getByRole("button", { name: "Check all rows" }).click();
    await expect(this.page.getByRole("heading", { name: "What will happen" })).toBeVisible({
      timeout: 90_000,
    });
  }

  async import(): Promise<void> {
    await this.page.getByRole("button", { name: /^(Import [\d,]+ rows?|Finish without changes)$/ }).click();
    await expect(
      this.page.getByRole("button", { name: "Import another file" }).or(this.another()),
    ).toBeVisible({
      timeout: 90_000,
    });
  }

  /** From the map step to the result, leaving every proposal as it is. */
  async acceptEverything(): Promise<void> {
    await this.mapped();
    await this.check();
    await this.checkAllRows();
    await this.import();
  }

  /** One of the counts that are shown before and after ("New", "Imported", "Failed"…). */
  async count(list: "What will happen" | "Result", name: string): Promise<number> {
    const cell = this.page
      .locator(`dl[aria-label="${list}"] > div`)
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .locator("dd");
    return Number((await cell.innerText()).replaceAll(",", ""));
  }

  async undo(): Promise<void> {
    await this.page.getByRole("button", { name: "Undo this import" }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Undo", exact: true }).click();
    await expect(this.page.getByText("This import was undone")).toBeVisible({ timeout: 60_000 });
  }

  private another(): Locator {
    return this.page.getByRole("link", { name: "Import another file" });
  }
}
