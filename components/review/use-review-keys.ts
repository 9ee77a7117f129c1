import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import type { ConflictView, Resolution } from "@/lib/contracts/review";
import { useReviewWords, type ReviewWords } from "./review-of";
import { isSelected, toggled, useReviewStore, withSelected } from "./review-store";
import { useDecide } from "./use-decisions";

/** Letters as shortcuts can be turned off, for people whose speech or hands produce letters by chance (WCAG 2.1.4). */
export function useLettersOn() {
  return useLocalStorage({ key: "ferry-review-letters", defaultValue: true });
}

interface Options {
  conflicts: readonly ConflictView[];
  scrollTo: (index: number) => void;
}

/**
 * The keys of the review, wherever the focus is on the page but in an input, a dialog or a form with keys of its own.
 * j/k move, o/s/m/b decide, u takes back, x selects (X up to here), n goes to the next open one, Space shows details,
 * ? the help.
 */
export function useReviewKeys({ conflicts, scrollTo }: Options): void {
  const store = useReviewStore();
  const decide = useDecide();
  const [lettersOn] = useLettersOn();
  const { decisions: offered } = useReviewWords();
  const latest = useRef<(event: KeyboardEvent) => void>(() => undefined);

  useEffect(() => {
    const moveTo = (index: number) => {
      const conflict = conflicts[Math.min(Math.max(0, index), conflicts.length - 1)];
      if (!conflict) return;
      store.getState().set({ activeId: conflict.id, focusId: conflict.id });
      scrollTo(conflicts.indexOf(conflict));
    };

    const act = (key: string, index: number, conflict: ConflictView | undefined): boolean => {
      const { set, selection, anchorId, expanded } = store.getState();
      if (key === "?") set({ helpOpen: true });
      else if (key === "j") moveTo(index + 1);
      else if (key === "k") moveTo(Math.max(0, index - 1));
      else if (key === "n") {
        const next = conflicts.findIndex((c, i) => i > index && c.resolution === null);
        if (next >= 0) moveTo(next);
      } else if (!conflict) return false;
      else if (key === "x") {
        const on = !isSelected(selection, conflict.id);
        set({ selection: withSelected(selection, [conflict.id], on), anchorId: conflict.id });
      } else if (key === "X") {
        const from = conflicts.findIndex((c) => c.id === anchorId);
        const range = conflicts.slice(Math.min(from < 0 ? index : from, index), Math.max(from, index) + 1);
        set({
          selection: withSelected(
            selection,
            range.map((c) => c.id),
            true,
          ),
        });
      } else if (key === " ") set({ expanded: toggled(expanded, conflict.id) });
      else if (key === "m") set({ mergingId: conflict.id });
      else {
        const resolution = decisionOf(offered, key);
        if (resolution === undefined) return false;
        const decisions = [{ conflictId: conflict.id, resolution }];
        void decide({ kind: "specific", decisions }).catch(() => undefined);
      }
      return true;
    };

    latest.current = (event) => {
      if (!isOurs(event)) return;
      const arrow = { ArrowDown: "j", ArrowUp: "k" }[event.key];
      const onCard = event.target instanceof HTMLElement && event.target.matches("article");
      if (arrow ? !onCard : !lettersOn && !(event.key === " " && onCard)) return;
      // A button or a box answers to Space itself.
      if (event.key === " " && !onCard) return;
      const index = conflicts.findIndex((c) => c.id === store.getState().activeId);
      if (act(arrow ?? event.key, index, conflicts[index])) event.preventDefault();
    };
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => latest.current(event);
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** null takes the decision back; undefined: the key decides nothing. */
function decisionOf(offered: ReviewWords["decisions"], key: string): Resolution | null | undefined {
  return key === "u" ? null : offered.find((decision) => decision.key === key)?.value;
}

function isOurs(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { target } = event;
  if (!(target instanceof HTMLElement) || target === document.body) return true;
  if (!document.getElementById("main")?.contains(target)) return false;
  if (target.isContentEditable || target.closest("[data-keys='own'], [role='dialog']")) return false;
  if (target instanceof HTMLInputElement) return target.type === "checkbox";
  return !(target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement);
}
