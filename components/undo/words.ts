/** What is undone: words that differ between the two. */
export type Undone = "import" | "restore";

export const UNDO_WORDS: Record<
  Undone,
  { keep: string; inserted: string; updated: string; written: string; editedSince: string }
> = {
  import: {
    keep: "Keep the import",
    inserted: "added by the import",
    updated: "updated by the import",
    written: "As imported",
    editedSince: "Edited since the import",
  },
  restore: {
    keep: "Keep the restore",
    inserted: "brought back by the restore",
    updated: "changed by the restore",
    written: "As restored",
    editedSince: "Edited since the restore",
  },
};
