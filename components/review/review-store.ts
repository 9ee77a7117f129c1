import { createContext, use } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { ConflictsFilter } from "@/lib/contracts/review";

/**
 * What is ticked: single conflicts, or everything that meets the filter but for some (also what has not been loaded yet).
 */
export type Selection =
  { kind: "ids"; ids: ReadonlySet<string> } | { kind: "matching"; except: ReadonlySet<string> };

export const NOTHING: Selection = { kind: "ids", ids: new Set() };
export const NO_FILTER: ConflictsFilter = { state: "all" };

interface ReviewState {
  filter: ConflictsFilter;
  /** The conflict that keys act on. */
  activeId: string | null;
  /** The conflict that is to take the focus as soon as it is on the page. */
  focusId: string | null;
  selection: Selection;
  /** Where a range begins that shift selects. */
  anchorId: string | null;
  expanded: ReadonlySet<string>;
  /** The conflict whose merge form is open. */
  mergingId: string | null;
  /** Changes that the server has not answered yet. */
  unsaved: number;
  saveError: unknown;
  helpOpen: boolean;
  set: (change: Partial<Omit<ReviewState, "set">>) => void;
}

export function createReviewStore() {
  return createStore<ReviewState>()((set) => ({
    filter: NO_FILTER,
    activeId: null,
    focusId: null,
    selection: NOTHING,
    anchorId: null,
    expanded: new Set(),
    mergingId: null,
    unsaved: 0,
    saveError: null,
    helpOpen: false,
    set,
  }));
}

export type ReviewStore = ReturnType<typeof createReviewStore>;

export const ReviewStoreContext = createContext<ReviewStore | null>(null);

export function useReviewStore(): ReviewStore {
  const store = use(ReviewStoreContext);
  if (!store) throw new Error("There is no review around this component.");
  return store;
}

export function useReview<T>(select: (state: ReviewState) => T): T {
  return useStore(useReviewStore(), select);
}

export function isSelected(selection: Selection, id: string): boolean {
  return selection.kind === "ids" ? selection.ids.has(id) : !selection.except.has(id);
}

/** The selection with these conflicts ticked or not. */
export function withSelected(selection: Selection, ids: readonly string[], on: boolean): Selection {
  const isListed = selection.kind === "ids" ? on : !on;
  const listed = new Set(selection.kind === "ids" ? selection.ids : selection.except);
  for (const id of ids) {
    if (isListed) listed.add(id);
    else listed.delete(id);
  }
  return selection.kind === "ids" ? { kind: "ids", ids: listed } : { kind: "matching", except: listed };
}

/** How many are ticked, when that many meet the filter. */
export function selectedCount(selection: Selection, matching: number): number {
  return selection.kind === "ids" ? selection.ids.size : Math.max(0, matching - selection.except.size);
}

export function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
