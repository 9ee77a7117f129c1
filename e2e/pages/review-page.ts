import { expect, type Locator, type Page } from "@playwright/test";

/** The review of an import that waits for decisions. */
export class ReviewPage {
  readonly list: Locator;

  constructor(readonly page: Page) {
    this.list = page.getByRole("feed", { name: "Conflicts" });
  }

  /** Waits until that many conflicts are listed. */
  async lists(count: number): Promise<void> {
    await expect(this.list.getByRole("article").first()).toHaveAttribute("aria-setsize", String(count), {
      timeout: 90_000,
    });
  }

  /** The conflict about the record that bears this name. */
  conflict(name: string | RegExp): Locator {
    return this.list.getByRole("article", { name });
  }

  /** Waits until everything that was decided is stored, and that many rows are open. */
  async open(count: number): Promise<void> {
    await expect(this.page.getByRole("status", { name: "Totals" })).toContainText(
      new RegExp(`^${count.toLocaleString("en")} open`),
    );
    await expect(this.page.getByText("Saved.", { exact: false })).toBeVisible();
  }

  async decided(conflict: Locator, how: string): Promise<void> {
    await expect(conflict.getByText(`Decided: ${how}`)).toBeVisible();
  }

  /** One decision for every open conflict of at least that confidence. */
  async decideFrom(percent: number, decision: string): Promise<void> {
    const section = this.page.getByRole("region", { name: "Decide for many" });
    await section.getByLabel("Confidence at least").fill(String(percent));
    await section.getByLabel("Decision from that confidence on").selectOption({ label: decision });
    await section.getByRole("button", { name: "Apply" }).click();
  }

  async importNow(): Promise<void> {
    await this.page.getByRole("button", { name: "Import now" }).click();
  }
}
