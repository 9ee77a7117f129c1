import { expect, it } from "vitest";
import { contentWords } from "@/components/backups/words";
import type { RestoreCategory } from "@/lib/contracts/restores";
import { categoriesChange, categorySentence, chosenIn, differenceWords } from "./category-words";

const category = (name: RestoreCategory["category"], of: Partial<RestoreCategory> = {}): RestoreCategory => ({
  category: name,
  inBackup: 3,
  today: 1,
  differing: 2,
  restorable: name !== "analytics",
  chosen: false,
  differences: [],
  ...of,
});

it("says what a backup holds, and of one that holds no categories nothing of them", () => {
  const counts = { collections: 1, records: 2, deletions: 0 };
  expect(contentWords({ type: "full", counts: null })).toEqual([]);
  expect(contentWords({ type: "full", counts })).toEqual(["2 records of 1 collection"]);
  expect(
    contentWords({
      type: "incremental",
      counts: { ...counts, preferences: 0, notifications: 1, analytics: 1 },
    }),
  ).toEqual(["2 changed records of 1 collection", "1 notification"]);
});

it("says what taking a category back comes to", () => {
  expect(categorySentence(category("preferences", { differing: 1 }))).toMatch(/^1 differs from the backup/);
  expect(categorySentence(category("preferences", { differing: 0 }))).toBe("As in the backup.");
  expect(categorySentence(category("notifications"))).toMatch(
    /^3 notifications in the backup, 2 of them not here/,
  );
  expect(categorySentence(category("notifications", { differing: 0 }))).toMatch(/all still here/);
  expect(categorySentence(category("notifications", { inBackup: 0, differing: 0 }))).toBe(
    "None in the backup.",
  );
  expect(categorySentence(category("analytics"))).toMatch(/need no restoring/);
});

it("counts what is chosen and changes something", () => {
  const categories = [
    category("preferences", { differing: 1, chosen: true }),
    category("notifications", { differing: 0, chosen: true }),
    category("analytics"),
  ];
  expect(chosenIn({ categories })).toEqual(["preferences", "notifications"]);
  expect(categoriesChange(categories, ["preferences", "notifications"])).toBe("1 preference");
  expect(categoriesChange(categories, ["notifications"])).toBe("");
  expect(chosenIn({ categories: null })).toEqual([]);
});

it("names preferences as the settings do", () => {
  const one = { about: "", name: null, backup: null, today: null };
  expect(differenceWords({ ...one, setting: "name", today: "Ada" })).toEqual({
    label: "Your name",
    today: "Ada",
    backup: "None",
  });
  const delivery = { ...one, setting: "delivery" as const, about: "backup-made" };
  expect(differenceWords({ ...delivery, today: { inApp: true, byMail: true } })).toEqual({
    label: "Told of: A backup was made",
    today: "In Ferry and by e-mail",
    backup: "As Ferry does by itself",
  });
  expect(differenceWords({ ...delivery, today: { inApp: false, byMail: false } }).today).toBe("Not at all");
  expect(differenceWords({ ...one, setting: "matchingRule", name: "Books", backup: {} })).toEqual({
    label: "Matching rule of Books",
    today: "The usual one",
    backup: "Its own, as it was then",
  });
});
