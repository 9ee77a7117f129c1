import { readFile } from "node:fs/promises";
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import { expect, test } from "./fixtures/ferry";
import { signUp } from "./pages/account";
import { expectNoViolations } from "./pages/axe";
import { CollectionPage } from "./pages/collection-page";
import {
  addGuest,
  BackupsPage,
  changeGuest,
  guestsOf,
  inviteGuests,
  makeBackup,
  restoreAll,
} from "./pages/backups-page";

const PASSPHRASE = "correct horse battery";

test("a backup for a passphrase is made, verified, deleted and taken back", async ({ page, ferry }) => {
  ferry.expectConsoleError(/status of 403/);
  await signUp(page);
  await inviteGuests(page.request, ["Ada", "Grace"]);
  const backups = new BackupsPage(page);
  await backups.open();
  await expect(page.getByText("No backups yet")).toBeVisible();
  await expectNoViolations(page, "backups, empty");

  await page.getByRole("button", { name: "Make the first backup" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "A passphrase" }).check();
  await expect(dialog.getByText("Nobody without the passphrase")).toBeVisible();
  await dialog.getByLabel("Passphrase", { exact: true }).fill(PASSPHRASE);
  await dialog.getByLabel("The same again").fill("something else entirely");
  await dialog.getByRole("button", { name: "Make the backup" }).click();
  await expect(dialog.getByText("The two are not the same.")).toBeVisible();
  await expectNoViolations(page, "make a backup");
  await dialog.getByLabel("The same again").fill(PASSPHRASE);
  await dialog.getByRole("button", { name: "Make the backup" }).click();
  const backup = backups.newest();
  await expect(backup.getByText("2 records of 1 collection")).toBeVisible({ timeout: 60_000 });
  await expect(backup.getByText("Encrypted with a passphrase")).toBeVisible();

  const verifying = await backups.choose("Verify", backup);
  await verifying.getByLabel("Passphrase of the backup").fill("not this one");
  await verifying.getByRole("button", { name: "Verify" }).click();
  await expect(verifying.getByText("This passphrase does not open the backup.")).toBeVisible();
  await verifying.getByLabel("Passphrase of the backup").fill(PASSPHRASE);
  await verifying.getByRole("button", { name: "Verify" }).click();
  await expect(backup.getByText(/^Verified/)).toBeVisible({ timeout: 60_000 });
  await expectNoViolations(page, "backups");

  const arriving = page.waitForEvent("download");
  await backup.getByRole("link", { name: /^Download/ }).click();
  const file = await readFile(await (await arriving).path());
  expect(file.toString("latin1", 0, 21)).toBe("age-encryption.org/v1");

  const deleting = await backups.choose("Delete", backup);
  await deleting.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByText("No backups yet")).toBeVisible();
  await page.getByText("Deleted", { exact: true }).click();
  await page.getByRole("button", { name: /^Take the backup of/ }).click();
  await expect(page.getByText("No deleted backups")).toBeVisible();
  await page.getByText("Kept", { exact: true }).click();
  await expect(backup).toBeVisible();
});

test("a backup for a post-quantum key is made for it alone, and verified with its secret half", async ({
  page,
}) => {
  await signUp(page);
  await inviteGuests(page.request, ["Ada"]);
  const identity = await generateHybridIdentity();
  const recipient = await identityToRecipient(identity);
  const classic = await identityToRecipient(await generateX25519Identity());
  const backups = new BackupsPage(page);
  await backups.open();
  await page.getByRole("button", { name: "Make the first backup" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Your public keys" }).check();
  await dialog.getByRole("textbox", { name: "Public keys" }).fill(`${recipient}\n${classic}`);
  await expect(dialog.getByText(/^Post-quantum keys .* stay among themselves/)).toBeVisible();
  await dialog.getByRole("textbox", { name: "Public keys" }).fill(recipient);
  await dialog.getByRole("button", { name: "Make the backup" }).click();
  const backup = backups.newest();
  await expect(backup.getByText("1 record of 1 collection")).toBeVisible({ timeout: 60_000 });

  const verifying = await backups.choose("Verify", backup);
  await expect(verifying.getByText(/^age1pq1.* … /)).toBeVisible();
  await verifying.getByLabel("Secret key").fill(identity);
  await verifying.getByRole("button", { name: "Verify" }).click();
  await expect(backup.getByText(/^Verified/)).toBeVisible({ timeout: 60_000 });
});

test("a schedule shows what it would do before it is saved", async ({ page }) => {
  await signUp(page);
  await inviteGuests(page.request, ["Ada"]);
  await makeBackup(page.request);
  await makeBackup(page.request);
  await page.goto("/backups/schedule");
  const preview = page.getByRole("region", { name: "What it would do" });
  await expect(preview.getByText("2 backups would be kept")).toBeVisible();
  await expect(preview.getByText("None by themselves.")).toBeVisible();

  await page.getByRole("switch", { name: "Make backups by themselves" }).press("Space");
  await page.getByLabel("How often").selectOption({ label: "Every week" });
  await page.getByLabel("Day of the week").selectOption({ label: "Wednesday" });
  await expect(preview.getByRole("list", { name: "Next backups" }).getByRole("listitem")).toHaveText(
    Array.from({ length: 5 }, () => /^Wed, /),
  );
  for (const rule of ["One a day, for", "One a week, for", "One a month, for"]) {
    await page.getByLabel(rule).fill("0");
  }
  await page.getByLabel("The newest").fill("1");
  await expect(preview.getByText(/^1 backup would be removed/)).toBeVisible();
  await expect(preview.getByText("1 backup would be kept")).toBeVisible();
  await expectNoViolations(page, "schedule");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("This is what is saved.")).toBeVisible();
  await expect(page.getByText(/Backed up every Wednesday at 03:00/)).toBeVisible();

  await page.getByRole("switch", { name: "Make backups by themselves" }).press("Space");
  await expect(preview.getByText("None by themselves.")).toBeVisible();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/Paused: .* on again: every Wednesday at 03:00/)).toBeVisible();
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await expect(page.getByLabel("Day of the week")).toHaveValue("3");
  await page.getByRole("switch", { name: "Make backups by themselves" }).press("Space");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(/Backed up every Wednesday at 03:00/)).toBeVisible();
});

test("the emergency kit asks for the password, fits a page, and is saved as text", async ({
  page,
  ferry,
}) => {
  ferry.expectConsoleError(/status of 403/);
  const account = await signUp(page);
  await page.goto("/backups/keys");
  await expect(page.getByText("There is no key yet.")).toBeVisible();
  await expectNoViolations(page, "keys");
  await page.getByRole("link", { name: "Open the emergency kit" }).click();
  await page.getByLabel("Your password").fill("a wrong password");
  await page.getByRole("button", { name: "Show the kit" }).click();
  await expect(page.getByText("This is not the password of your account.")).toBeVisible();
  await page.getByLabel("Your password").fill(account.password);
  await page.getByRole("button", { name: "Show the kit" }).click();
  const kit = page.getByRole("article", { name: "Ferry emergency kit" });
  await expect(kit.getByText(/^AGE-SECRET-KEY-1/)).toBeVisible();
  await expect(kit.getByText("age -d -i key.txt FILE | tar xz")).toBeVisible();
  await expectNoViolations(page, "emergency kit");

  const arriving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as text" }).click();
  const text = await readFile(await (await arriving).path(), "utf8");
  expect(text).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/m);
  expect(text).toContain(account.email);

  const paper = await page.pdf({ format: "A4", margin: { top: "15mm", bottom: "15mm" } });
  expect(paper.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.getByRole("banner")).toBeHidden();
  await page.emulateMedia({ media: null });

  await page.goto("/backups/keys");
  const first = await page.getByText(/^age1/).innerText();
  await page.getByRole("button", { name: "Change the key" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Change the key" }).click();
  await expect(page.getByRole("heading", { name: "Earlier keys" })).toBeVisible();
  expect(await page.getByText(/^age1/).innerText()).not.toBe(first);
});

test.describe("in the dark theme", () => {
  test.use({ colorScheme: "dark" });

  test("what was deleted and changed is looked at, restored, and the restore undone", async ({
    page,
    ferry,
  }) => {
    ferry.expectConsoleError(/status of 409/);
    await signUp(page);
    const { id, guests } = await inviteGuests(page.request, ["Ada", "Grace", "Edsger"]);
    await makeBackup(page.request);
    const [ada, grace] = guests;
    await changeGuest(page.request, id, ada!);
    await changeGuest(page.request, id, grace!, { city: "Oslo" });
    await addGuest(page.request, id, { name: "Alan", city: "Bern" });

    await new BackupsPage(page).open();
    await page.getByRole("link", { name: /^Restore from the full backup/ }).click();
    await expect(page.getByRole("radio", { name: "As it was then" })).toBeChecked();
    await expectNoViolations(page, "restore: choose");
    await page.getByRole("button", { name: "Look at what would happen" }).click();
    await expect(page.getByText("1 record that you have now will be removed")).toBeVisible({
      timeout: 60_000,
    });
    await page.getByRole("button", { name: "Show examples" }).click();
    await expect(page.getByRole("cell", { name: "Oslo" })).toBeVisible();
    await expectNoViolations(page, "restore: plan");
    await addGuest(page.request, id, { name: "Barbara", city: "Cambridge" });
    const changed = await guestsOf(page.request, id);
    await page.getByRole("button", { name: "Restore 3 records" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).click();
    await expect(page.getByText("Your data changed since")).toBeVisible();
    await page.getByRole("button", { name: "Look again" }).click();
    await page.getByRole("button", { name: "Restore 4 records" }).click({ timeout: 60_000 });
    await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).click();
    const undo = page.getByRole("button", { name: "Undo this restore" });
    await expect(undo).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("1 record came back, 1 record changed, 2 records removed")).toBeVisible();
    await expectNoViolations(page, "restore: result");
    const namesAndCities = (list: typeof guests) => list.map(({ data }) => data.name + data.city).toSorted();
    expect(namesAndCities(await guestsOf(page.request, id))).toEqual(namesAndCities(guests));

    await undo.click();
    await page.getByRole("dialog").getByRole("button", { name: "Undo", exact: true }).click();
    await expect(page.getByText("This restore was undone")).toBeVisible({ timeout: 60_000 });
    expect(namesAndCities(await guestsOf(page.request, id))).toEqual(namesAndCities(changed));
    await page.getByRole("link", { name: "Restores", exact: true }).click();
    await expect(page.getByRole("list", { name: "Restores" }).getByText("Undone")).toBeVisible();
    await expectNoViolations(page, "restores");
    await new BackupsPage(page).open();
    await expect(page.getByText(/safety, before a restore/)).toBeVisible();
  });
});

test("edits since a restore are kept or taken back one by one, and the history tells all of it", async ({
  page,
}) => {
  await signUp(page);
  const { id, guests } = await inviteGuests(page.request, ["Ada", "Grace"]);
  const backup = await makeBackup(page.request);
  await changeGuest(page.request, id, guests[0]!);
  await changeGuest(page.request, id, guests[1]!, { city: "Oslo" });
  const restoreId = await restoreAll(page.request, backup.id);
  for (const guest of await guestsOf(page.request, id)) {
    await changeGuest(page.request, id, guest, { city: "Paris", name: `${guest.data.name} X` });
  }

  await page.goto(`/backups/restores/${restoreId}`);
  await page.getByRole("button", { name: "Undo this restore" }).click();
  const dialog = page.getByRole("dialog", { name: "Undo this restore" });
  await expect(dialog.getByText("2 records were edited since the restore")).toBeVisible();
  await expect(dialog.getByText("brought back by the restore")).toBeVisible();
  await dialog
    .getByRole("radiogroup", { name: /^Grace X.*: keep or revert$/ })
    .getByText("Revert", { exact: true })
    .click();
  await dialog
    .getByRole("radiogroup", { name: /^name of Grace X/i })
    .getByText("Keep mine", { exact: true })
    .click();
  await expect(dialog.getByText("1 kept, 1 taken back.")).toBeVisible();
  await expectNoViolations(page, "undo of a restore");
  await dialog.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText("This restore was undone")).toBeVisible({ timeout: 60_000 });
  const now = (await guestsOf(page.request, id)).map(({ data }) => `${data.name}, ${data.city}`);
  expect(now.toSorted()).toEqual(["Ada X, Paris", "Grace X, Oslo"]);

  await page.goto(`/collections/${id}`);
  const records = new CollectionPage(page);
  await records.shows(2);
  await expect(records.cell(0, 0)).toHaveText("Ada X");
  await records.cell(0, 0).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Space");
  const drawer = page.getByRole("dialog", { name: "Record" });
  await drawer.getByRole("tab", { name: "History" }).click();
  const entries = drawer.getByRole("list", { name: "Changes, newest first" }).getByRole("listitem");
  await expect(entries).toHaveText([
    /Edited by hand/,
    /Put back by the restore of/,
    /Deleted by hand/,
    /Added by hand/,
  ]);
  await entries.nth(1).getByRole("link").click();
  await expect(page.getByText("This restore was undone")).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("what differs is decided one by one, and nothing scrolls sideways", async ({ page }) => {
    const expectNoSidewaysScroll = async () => {
      const hidden = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(hidden).toBeLessThanOrEqual(0);
    };
    await signUp(page);
    const { id, guests } = await inviteGuests(page.request, ["Ada Augusta, Countess of Lovelace", "Grace"]);
    await makeBackup(page.request);
    await changeGuest(page.request, id, guests[0]!, { city: "Ockham" });
    await changeGuest(page.request, id, guests[1]!, { city: "Arlington" });
    for (const path of ["/backups", "/backups/schedule", "/backups/keys", "/backups/restore-file"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("status", { name: "Loading…" })).toHaveCount(0);
      await expectNoSidewaysScroll();
    }
    await page.goto("/backups");
    await page.getByRole("link", { name: /^Restore from the full backup/ }).tap();
    await page.getByRole("button", { name: "Look at what would happen" }).tap();
    const decide = page.getByRole("link", { name: "Decide one by one in Guests" });
    await expect(decide).toBeVisible({ timeout: 60_000 });
    await expectNoSidewaysScroll();
    await decide.tap();
    const grace = page.getByRole("feed").getByRole("article", { name: "Grace" });
    await grace.getByRole("button", { name: "Keep mine" }).tap();
    await expect(grace.getByText("Decided: keep mine")).toBeVisible();
    await expect(page.getByRole("region", { name: "Restore" }).getByText("Saved.")).toBeVisible();
    await expectNoSidewaysScroll();
    await expectNoViolations(page, "restore: decide one by one");
    await page.getByRole("button", { name: "Back to the restore" }).tap();
    await page.getByRole("button", { name: "Restore 1 record" }).tap();
    await page.getByRole("dialog").getByRole("button", { name: "Restore", exact: true }).tap();
    await expect(page.getByRole("button", { name: "Undo this restore" })).toBeVisible({ timeout: 60_000 });
    const cities = (await guestsOf(page.request, id)).map(({ data }) => data.city).toSorted();
    expect(cities).toEqual(["Arlington", "Rome"]);
  });
});
