import type { NotedChange } from "@/db/queries/record-history";

/** One change in its place. `gap`: what came between it and the next newer one is not known. */
export interface Link {
  change: NotedChange;
  gap: boolean;
}

/**
 * Puts the changes of a record in their order, newest first, by walking back from what it is now: each change knows
 * the version it led to and the one it came from. Times alone would not do: a transaction's clock stands still while it
 * waits. They decide where a version occurs more than once, as after the undo and redo of an import.
 * @param present the record's version, or null when it is gone
 * @returns `complete` is false when the walk does not reach the record's creation
 */
export function threadChanges(
  noted: readonly NotedChange[],
  present: number | null,
): { links: Link[]; complete: boolean } {
  const left = noted.toSorted((a, b) => b.at.getTime() - a.at.getTime() || versionOf(b) - versionOf(a));
  const links: Link[] = [];
  let version = present;
  let before = Number.POSITIVE_INFINITY;
  const take = (index: number, gap: boolean) => {
    const [change] = left.splice(index, 1);
    links.push({ change: change!, gap });
    version = change!.beforeVersion;
    before = change!.at.getTime();
  };
  for (;;) {
    const next = left.findIndex(
      (c) => c.afterVersion === version && (!c.implied || c.at.getTime() <= before),
    );
    if (next !== -1) {
      take(next, false);
      continue;
    }
    if (version === 1) return { links, complete: true };
    const earlier = left.findIndex(
      (c) => !c.implied && c.at.getTime() <= before && (version === null || (c.afterVersion ?? 0) < version),
    );
    if (earlier === -1) return { links, complete: false };
    take(earlier, true);
  }
}

/** The version that a change led to; a deletion counts as one. */
export function versionOf(change: Pick<NotedChange, "beforeVersion" | "afterVersion">): number {
  return change.afterVersion ?? (change.beforeVersion ?? 0) + 1;
}
