import type { CheckBackup } from "@/lib/contracts/backups";
import type { RestorableCategory, RestoreStrategy, RestoreView } from "@/lib/contracts/restores";

export type PlanSource = { kind: "backup"; backupId: string } | { kind: "upload"; uploadIds: string[] };

/** What a person chooses before they look at a restore. */
export interface RestoreDraft {
  what: "everything" | "collections" | "search";
  collections: string[];
  search: string;
  strategy: RestoreStrategy;
  /** What opens the backup; only in the memory of the page. */
  key: CheckBackup;
}

export const NEW_DRAFT: RestoreDraft = {
  what: "everything",
  collections: [],
  search: "",
  strategy: "overwrite",
  key: {},
};

interface Scope {
  collections: "all" | string[];
  search: string | null;
  recordIds: string[] | null;
  globalStrategy: RestoreStrategy;
  /** Left out: as Ferry proposes. */
  categories?: RestorableCategory[];
  key: CheckBackup;
}

export interface PlanRequest extends Scope {
  source: PlanSource;
}

export interface RunRequest {
  globalStrategy?: RestoreStrategy;
  categories?: RestorableCategory[];
  safetySnapshot?: { override: true; reason: string };
}

/** The draft as a request; undefined while something is missing. */
export function requestOf(draft: RestoreDraft, source: PlanSource): PlanRequest | undefined {
  const search = draft.search.trim();
  if (draft.what === "collections" && draft.collections.length === 0) return undefined;
  if (draft.what === "search" && search === "") return undefined;
  return {
    source,
    collections: draft.what === "collections" ? draft.collections : "all",
    search: draft.what === "search" ? search : null,
    recordIds: null,
    globalStrategy: draft.strategy,
    key: draft.key,
  };
}

/** What is asked for otherwise than before. */
export interface PlanChange {
  collections?: string[];
  categories?: RestorableCategory[];
}

/** A plan as it was asked for, to be asked for again: all of it, or of some of its collections. */
export function sameAgain(
  view: Pick<RestoreView, "source" | "scope" | "globalStrategy">,
  key: CheckBackup,
  { collections, categories }: PlanChange = {},
): PlanRequest {
  const { source, scope, globalStrategy } = view;
  return {
    source:
      source.backupId === null
        ? { kind: "upload", uploadIds: source.uploadIds }
        : { kind: "backup", backupId: source.backupId },
    collections: collections ?? scope.collections,
    search: scope.search,
    recordIds: scope.recordIds,
    globalStrategy,
    ...(categories && { categories }),
    key,
  };
}

/** As the API takes it, without where it comes from. */
export function bodyOf({ collections, search, recordIds, globalStrategy, categories, key }: Scope) {
  return {
    collections,
    ...(search === null ? {} : { search }),
    ...(recordIds === null ? {} : { recordIds }),
    globalStrategy,
    ...(categories && { categories }),
    ...(key.passphrase === undefined ? {} : { passphrase: key.passphrase }),
    ...(key.identity === undefined ? {} : { identity: key.identity }),
  };
}
