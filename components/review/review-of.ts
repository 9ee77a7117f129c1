import { createContext, use } from "react";
import type { Resolution } from "@/lib/contracts/review";

/** What stands on the other side of the comparison. */
export type ReviewOf = "file" | "backup";

export const ReviewOfContext = createContext<ReviewOf>("file");

/** What depends on it, in words. */
export function useReviewWords(): ReviewWords {
  return WORDS[use(ReviewOfContext)];
}

interface Decision {
  value: Resolution;
  label: string;
  /** Ends `label`. */
  short: string;
  /** Makes it. */
  key: string;
}

export interface ReviewWords {
  /** In the order in which they are offered. */
  decisions: readonly Decision[];
  /** What has been decided, as a sentence's end: "Decided: keep mine". */
  decided: Record<Resolution, string>;
  /** What a decision does to every row that it holds for. */
  meanings: Record<Resolution, string>;
  /** The other side's column, and its value among others. */
  side: string;
  theirs: string;
  onlyTheirs: string;
  /** The third column: what both sides come from. */
  base: string;
  /** What is decided about: "row", "record". */
  one: string;
  /** Rows of files have a number and a reason why they are taken for a record. */
  hasRows: boolean;
  rest: string;
  asksEach: string;
  unlikened: string;
  /** What the key of a decision does. */
  keyMeanings: Record<Resolution, string>;
}

const MINE: Decision = { value: "skip", label: "Keep mine", short: "mine", key: "s" };
const MERGE: Decision = { value: "merge", label: "Merge", short: "Merge", key: "m" };

const WORDS: Record<ReviewOf, ReviewWords> = {
  file: {
    decisions: [
      MINE,
      { value: "overwrite", label: "Take the file’s", short: "file’s", key: "o" },
      MERGE,
      { value: "keepBoth", label: "Keep both", short: "both", key: "b" },
    ],
    decided: { skip: "keep mine", overwrite: "take the file’s", merge: "merge", keepBoth: "keep both" },
    meanings: {
      skip: "The records stay as they are; these rows of the file are passed over.",
      overwrite: "The records become what the file says.",
      merge: "Your values stay, gaps are filled, and what only the file changed is taken.",
      keepBoth: "The rows are stored as further records beside yours.",
    },
    side: "In the file",
    theirs: "The file’s",
    onlyTheirs: "only the file changed it",
    base: "Last import gave",
    one: "row",
    hasRows: true,
    rest: "Rows that I do not decide myself",
    asksEach: "The import waits until you have decided about every row.",
    unlikened: "No likeness was computed: the file itself says which record it is.",
    keyMeanings: {
      skip: "Keep mine: skip the row",
      overwrite: "Take the file’s: overwrite the record",
      merge: "Merge field by field",
      keepBoth: "Keep both",
    },
  },
  backup: {
    // A record that comes back has the id it had: there cannot be two of it.
    decisions: [MINE, { value: "overwrite", label: "Use backup’s", short: "backup’s", key: "o" }, MERGE],
    decided: { skip: "keep mine", overwrite: "use the backup’s", merge: "merge", keepBoth: "keep both" },
    meanings: {
      skip: "The records stay as they are now.",
      overwrite: "The records become what they were in the backup.",
      merge: "Your values stay, and gaps are filled from the backup.",
      keepBoth: "",
    },
    side: "In the backup",
    theirs: "The backup’s",
    onlyTheirs: "only the backup differs",
    base: "Then",
    one: "record",
    hasRows: false,
    rest: "Records that I do not decide myself",
    asksEach: "The restore waits until you have decided about every record.",
    unlikened: "It is the same record: the backup has it under the same id.",
    keyMeanings: {
      skip: "Keep mine: as it is now",
      overwrite: "Use the backup’s: as it was then",
      merge: "Merge field by field",
      keepBoth: "",
    },
  },
};
