import type { BringingBack, NotedChange } from "@/db/queries/record-history";

/** One change in its place. `gap`: what came between it and the next newer one is not known. */
export interface Link {
  change: NotedChange;
  gap: boolean;
}

/**
 * Puts the changes of a record in their order, newest first, by walking back from what it is now: each change knows
 * the version it led to and the one it came from. Times alone would not do: a transaction's clock stands still while it
 * waits. They decide where a version occurs more than once, as after the undo and redo of an import.
 *
 * A restore that brings a record back notes nothing of it but the record's source: where no change is known to have led
 * to a state that came from one, the restore did, out of nothing.
 * @param present the record's version and source, or null when it is gone
 * @returns `complete` is false when the walk does not reach the record's creation
 */
export function threadChanges(
  noted: readonly NotedChange[],
  present: { version: number; sourceImportId: string | null } | null,
  bringingBack: ReadonlyMap<string, BringingBack> = new Map(),
): { links: Link[]; complete: boolean } {
  const left = noted.toSorted((a, b) => b.at.getTime() - a.at.getTime() || versionOf(b) - versionOf(a));
  const links: Link[] = [];
  let version = present?.version ?? null;
  let source = present?.sourceImportId ?? null;
  let before = Number.POSITIVE_INFINITY;
  const follow = (change: NotedChange, gap: boolean) => {
    links.push({ change, gap });
    version = change.beforeVersion;
    source = change.beforeSourceImportId;
    before = change.at.getTime();
  };
  const take = (index: number, gap: boolean) => follow(left.splice(index, 1)[0]!, gap);
  for (;;) {
    const next = left.findIndex(
      (c) => c.afterVersion === version && (!c.implied || c.at.getTime() <= before),
    );
    if (next !== -1) {
      take(next, false);
      continue;
    }
    if (version === 1) return { links, complete: true };
    const by = source === null ? undefined : bringingBack.get(source);
    if (version !== null && by && (by.hasJournal || wasDeletedAs(left, version - 1))) {
      follow(broughtBack(by, version), false);
      continue;
    }
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

/** Then the next version cannot be an update, however little is known of it. */
function wasDeletedAs(changes: readonly NotedChange[], version: number): boolean {
  return changes.some((change) => change.afterVersion === null && versionOf(change) === version);
}

function broughtBack(
  { importId, restoreId, jobId, fileName, at }: BringingBack,
  version: number,
): NotedChange {
  return {
    source: "import",
    ref: importId,
    kind: "import",
    beforeVersion: null,
    afterVersion: version,
    at,
    userId: null,
    importId,
    restoreId,
    jobId,
    label: fileName,
    beforeSourceImportId: null,
    beforeCreatedAt: null,
    implied: true,
  };
}
