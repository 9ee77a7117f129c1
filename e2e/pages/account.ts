import { randomBytes } from "node:crypto";
import { expect, type Page } from "@playwright/test";

export interface Account {
  email: string;
  password: string;
}

/** A new account of its own, signed in on the page: no test sees another one's records. */
export async function signUp(page: Page): Promise<Account> {
  const account = {
    email: `${randomBytes(6).toString("hex")}@example.org`,
    password: "a long enough password",
  };
  await page.goto("/sign-up");
  await page.getByLabel("E-mail address").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible({ timeout: 30_000 });
  return account;
}

export async function signIn(page: Page, account: Account): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
