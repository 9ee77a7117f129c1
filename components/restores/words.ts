import { countOf } from "@/components/format";
import type { RestoreCounts, RestoreState, RestoreStrategy, RestoreSummary } from "@/lib/contracts/restores";

const AT_WORK: readonly RestoreState[] = ["pending", "reading", "saving", "restoring", "undoing", "redoing"];

/** Whether its state changes without a person. */
export function isAtWork({ state }: Pick<RestoreSummary, "state">): boolean {
  return AT_WORK.includes(state);
}

export const STATE_WORDS: Record<RestoreState, { label: string; color: string }> = {
  pending: { label: "Waiting", color: "gray" },
  reading: { label: "Reading the backup", color: "harbour" },
  ready: { label: "Needs you", color: "yellow" },
  saving: { label: "Making a safety backup", color: "harbour" },
  restoring: { label: "Restoring", color: "harbour" },
  completed: { label: "Done", color: "green" },
  completed_with_errors: { label: "Done, with records left out", color: "yellow" },
  failed: { label: "Failed", color: "red" },
  rolled_back: { label: "Taken back", color: "gray" },
  cancelled: { label: "Cancelled", color: "gray" },
  expired: { label: "Expired", color: "gray" },
  undoing: { label: "Being undone", color: "harbour" },
  undone: { label: "Undone", color: "gray" },
  redoing: { label: "Coming back", color: "harbour" },
};

export const STRATEGIES: readonly { value: RestoreStrategy; label: string; description: string }[] = [
  {
    value: "overwrite",
    label: "As it was then",
    description:
      "Everything becomes what it was in the backup. Changes made since are taken back, and records added since are removed.",
  },
  {
    value: "merge",
    label: "Merge",
    description:
      "What is missing comes back and empty fields are filled. Your newer values stay; where that cannot be told, you decide.",
  },
  {
    value: "skip",
    label: "Only what is missing",
    description: "Deleted records come back. Nothing that you have now is changed.",
  },
];

export function strategyOf(value: string): RestoreStrategy {
  return STRATEGIES.find((strategy) => strategy.value === value)?.value ?? "overwrite";
}

export function strategyLabel(value: RestoreStrategy): string {
  return STRATEGIES.find((strategy) => strategy.value === value)?.label ?? value;
}

/** "3 come back, 2 change, 1 is removed"; of what would happen, or with `done` of what did. */
export function countsSentence({ add, change, delete: removed, conflicts }: RestoreCounts): string {
  const parts = [
    add > 0 ? `${countOf(add, "record")} ${add === 1 ? "comes" : "come"} back` : "",
    change > 0 ? `${countOf(change, "record")} ${change === 1 ? "changes" : "change"}` : "",
    removed > 0 ? `${countOf(removed, "record")} ${removed === 1 ? "is" : "are"} removed` : "",
    conflicts > 0 ? `${countOf(conflicts, "record")} to decide` : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? parts.join(" · ") : "Nothing differs";
}

/** What was restored, in a few words: "everything", "2 collections", "records with “Rome”". */
export function scopeWords({ scope }: Pick<RestoreSummary, "scope">): string {
  const where = scope.collections === "all" ? "" : ` of ${countOf(scope.collections.length, "collection")}`;
  if (scope.search !== null) return `records with “${scope.search}”${where}`;
  if (scope.recordIds !== null) return `${countOf(scope.recordIds.length, "record")}${where}`;
  return scope.collections === "all" ? "everything" : countOf(scope.collections.length, "collection");
}
