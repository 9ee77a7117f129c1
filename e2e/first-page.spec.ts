import { expect, test } from "./fixtures/ferry";

test("a newcomer is led to the sign-in page and gets in with the demo account", async ({ page, ferry }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/sign-in/);
  await page.getByLabel(/e-?mail/i).fill(ferry.demo.email);
  await page.getByLabel(/^password/i).fill(ferry.demo.password);
  await page.getByRole("button", { name: /sign in/i }).click();
  await expect(page).not.toHaveURL(/sign-in/);
  await expect(page.getByRole("main")).toBeVisible();
});
