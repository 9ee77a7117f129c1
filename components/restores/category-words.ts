import { countOf } from "@/components/format";
import { TOPIC_WORDS } from "@/components/notifications/topics";
import { NOTIFICATION_TOPICS } from "@/lib/contracts/notifications";
import type {
  CategoriesRun,
  PreferenceDifference,
  RestorableCategory,
  RestoreCategory,
  RestoreView,
} from "@/lib/contracts/restores";

export const CATEGORY_WORDS: Record<RestoreCategory["category"], string> = {
  preferences: "Preferences",
  notifications: "Notification history",
  analytics: "Figures of your collections",
};

/** The categories that a restore takes back as it stands. */
export function chosenIn({ categories }: Pick<RestoreView, "categories">): RestorableCategory[] {
  return (categories ?? []).flatMap(({ category, chosen }) =>
    chosen && category !== "analytics" ? [category] : [],
  );
}

/** What a category holds then and now, as one sentence or two. */
export function categorySentence({ category, inBackup, differing }: RestoreCategory): string {
  switch (category) {
    case "preferences":
      if (differing === 0) return "As in the backup.";
      return `${countOf(differing, "differs", "differ")} from the backup. Your name, how you are told of what happens, and the matching rules of your collections become what they were.`;
    case "notifications": {
      const held = `${countOf(inBackup, "notification")} in the backup`;
      if (differing === 0) return inBackup === 0 ? "None in the backup." : `${held}, all still here.`;
      return `${held}, ${differing} of them not here. They come back as read; what you have now stays.`;
    }
    case "analytics":
      return "In the backup for whoever reads it. Ferry computes them from the records, so they need no restoring.";
  }
}

/** "2 preferences, 3 notifications"; empty when the chosen categories change nothing. */
export function categoriesChange(
  categories: readonly RestoreCategory[],
  chosen: readonly RestorableCategory[],
): string {
  const names = { preferences: "preference", notifications: "notification" };
  return chosen
    .map((name) => {
      const differing = categories.find(({ category }) => category === name)?.differing ?? 0;
      return differing > 0 ? countOf(differing, names[name]) : "";
    })
    .filter((part) => part !== "")
    .join(", ");
}

/** What an undo or redo does besides records, in sentences; empty ones for nothing. */
export function categoryLines(
  { preferences, preferencesChangedSince, notifications }: CategoriesRun,
  preferencesWill: string,
  notificationsWill: string,
): string[] {
  return [
    preferences > 0 ? `${countOf(preferences, "preference")} ${preferencesWill}.` : "",
    notifications > 0 ? `${countOf(notifications, "notification")} ${notificationsWill}.` : "",
    preferencesChangedSince > 0
      ? `${countOf(preferencesChangedSince, "preference")} that you changed since will stay, unless edits are taken back.`
      : "",
  ];
}

/** A preference's name and what it is on both sides. */
export function differenceWords(one: PreferenceDifference): { label: string; today: string; backup: string } {
  const { setting, about, name, today, backup } = one;
  switch (setting) {
    case "name":
      return { label: "Your name", today: textOf(today), backup: textOf(backup) };
    case "delivery": {
      const topic = NOTIFICATION_TOPICS.find((topic) => topic === about);
      const label = topic ? TOPIC_WORDS[topic].label : about;
      return { label: `Told of: ${label}`, today: deliveryWords(today), backup: deliveryWords(backup) };
    }
    case "matchingRule":
      return {
        label: `Matching rule of ${name ?? "a collection"}`,
        today: today === null ? "The usual one" : "Its own, as it is now",
        backup: backup === null ? "The usual one" : "Its own, as it was then",
      };
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "None";
}

function deliveryWords(value: unknown): string {
  if (value === null) return "As Ferry does by itself";
  const { inApp, byMail } = value as { inApp: boolean; byMail: boolean };
  if (inApp) return byMail ? "In Ferry and by e-mail" : "In Ferry";
  return byMail ? "By e-mail" : "Not at all";
}
