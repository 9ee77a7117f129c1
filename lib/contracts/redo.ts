import type { LaterImport } from "./imports";

/** What bringing an undone import back would do; nothing has been changed yet. */
export interface RedoPreviewView {
  /** Records that come back. */
  toReinsert: number;
  /** Records that get the values again that the undo had taken from them. */
  toRestore: number;
  /** Records that the import had removed, and that go again. */
  toRemove: number;
  /** Edited since the undo: they stay as they are. */
  changedSinceCount: number;
  /** The undo had removed the collection, which was made by the import; it comes back, too. */
  remakesCollection: boolean;
  /** Imports into the collection since the undo: if one brought the same rows, they will be there twice. */
  laterImports: LaterImport[];
}
