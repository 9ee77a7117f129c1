import type { Orm, OrmTransaction } from "@/db/client";
import {
  changeKey,
  findBringingBack,
  findChanges,
  findInsertingImport,
  statesBefore,
  type HistoryKey,
  type NotedChange,
} from "@/db/queries/record-history";
import { findRunsOfUpdates, findWritten } from "@/db/queries/unnoted-runs";
import { findImportsById } from "@/db/queries/imports";
import { rulesAsApplied } from "@/lib/services/imports/running";
import { findUser } from "@/db/queries/accounts";
import type { RecordRow } from "@/db/queries/records";
import type { ChangeAuthor, FieldChange, HistoryItem, HistoryKind } from "@/lib/contracts/record-history";
import { threadChanges, versionOf, type Link } from "./thread-changes";
import { unnotedRuns } from "./unnoted-runs";

type Data = RecordRow["data"];
/** A record's content at some moment: null = there was no record, undefined = not known any more. */
export type State = Data | null | undefined;
interface Step {
  before: State;
  after: State;
}

/** All that is known of a record's past. Places count from 0, the newest change; the last one is its creation. */
export interface PastOfRecord {
  /** What the record is at now; a deletion counts as a version. */
  version: number;
  /** Changes, the creation included. */
  length: number;
  /** False when some change is not known any more. */
  complete: boolean;
  links: readonly Link[];
  /** When the change at that place was made. */
  at(place: number): Date;
  /** The items at places from…to−1, their changes in the order of `fieldNames`. */
  items(from: number, to: number, fieldNames: readonly string[]): Promise<HistoryItem[]>;
  /** The record's content after the change at that place. */
  stateAfter(place: number): Promise<State>;
}

/** An undo of an unedited record keeps no image of it; a redo that follows tells what it was, two places on. */
const PLACES_BEFORE = 3;

/**
 * Reads the past of a record that is there (`present`) or was deleted. Undefined when nothing tells that there has ever
 * been such a record.
 */
export async function readHistory(
  orm: Orm | OrmTransaction,
  key: HistoryKey,
  present: RecordRow | undefined,
): Promise<PastOfRecord | undefined> {
  const changes = [...(await findChanges(orm, key)), ...unnotedRuns(await findRunsOfUpdates(orm, key))];
  const sources = [present?.sourceImportId, ...changes.map((change) => change.beforeSourceImportId)];
  const known = new Set(sources.filter((id) => id !== null && id !== undefined));
  const { links, complete } = threadChanges(
    changes,
    present ?? null,
    await findBringingBack(orm, key, [...known]),
  );
  const newest = links[0];
  if (!present && (newest === undefined || newest.gap)) return undefined;
  const creation = await creationOf(orm, key, present, links);
  const length = links.length + 1;

  async function stepsOf(from: number, to: number): Promise<Step[]> {
    const first = Math.max(0, from - PLACES_BEFORE);
    const wanted = links.slice(first, to).map((link) => link.change);
    const stored = await statesBefore(orm, key, wanted);
    await addUnnoted(orm, key, wanted, stored);
    const steps: Step[] = [];
    for (let place = first; place < to; place++) {
      const link = links[place];
      const newer = steps.at(-1);
      const isKnown = link ? !link.gap : complete;
      const after = place === 0 ? (present?.data ?? null) : newer?.before;
      const before = link ? stateBefore(link.change, stored, links[place - 1], newer?.after) : null;
      steps.push({ before, after: isKnown ? after : undefined });
    }
    return steps.slice(from - first);
  }

  return {
    version: newest ? versionOf(newest.change) : 1,
    length,
    complete: complete && !links.some((link) => link.gap),
    links,
    at: (place) => links[place]?.change.at ?? creation.at,
    async items(from, to, fieldNames) {
      const end = Math.min(to, length);
      return (await stepsOf(from, end)).map(({ before, after }, index): HistoryItem => {
        const link = links[from + index];
        const known = after !== undefined && before !== undefined;
        return {
          ...(link ? itemHead(link.change) : creation.head),
          changes: known ? changesOf(before, after, fieldNames) : [],
          data: after ?? null,
          ...(after === undefined && { gap: true as const }),
        };
      });
    },
    stateAfter: async (place) => (await stepsOf(place, place + 1))[0]?.after,
  };
}

/** Adds what records were before undos and redos that noted nothing of them. */
async function addUnnoted(
  orm: Orm | OrmTransaction,
  key: HistoryKey,
  changes: readonly NotedChange[],
  stored: Map<string, Data>,
): Promise<void> {
  const unnoted = changes.filter((change) => change.unnoted);
  const importIds = [...new Set(unnoted.map((change) => change.importId!))];
  if (importIds.length === 0) return;
  const imports = importIds.map((ref) => ({ source: "import" as const, ref }));
  const before = await statesBefore(orm, key, imports);
  const written = new Map<string, Data | undefined>();
  for (const row of await findImportsById(orm, importIds)) {
    written.set(row.id, await findWritten(orm, key, row, rulesAsApplied(row)));
  }
  for (const change of unnoted) {
    const importId = change.importId!;
    const state =
      change.kind === "redo"
        ? before.get(changeKey({ source: "import", ref: importId }))
        : written.get(importId);
    if (state) stored.set(changeKey(change), state);
  }
}

function stateBefore(
  change: NotedChange,
  stored: Map<string, Data>,
  newer: Link | undefined,
  afterNewer: State,
): State {
  if (change.beforeVersion === null) return null;
  if (!change.implied) return stored.get(changeKey(change));
  // The redo made the very record again that this undo had removed.
  return newer?.change.implied && !newer.gap ? afterNewer : undefined;
}

async function creationOf(
  orm: Orm | OrmTransaction,
  key: HistoryKey,
  present: RecordRow | undefined,
  links: readonly Link[],
): Promise<{ at: Date; head: Omit<HistoryItem, "changes" | "data"> }> {
  const inserting = await findInsertingImport(orm, key);
  const noted = links.findLast((link) => link.change.beforeCreatedAt !== null)?.change.beforeCreatedAt;
  const at = inserting?.at ?? noted ?? present?.createdAt ?? links.at(-1)?.change.at ?? new Date(0);
  const by = inserting
    ? { importId: inserting.id, jobId: inserting.jobId, label: inserting.fileName }
    : await ownerOf(orm, key);
  return { at, head: { version: 1, at: at.toISOString(), kind: "created", by } };
}

async function ownerOf(orm: Orm | OrmTransaction, key: HistoryKey): Promise<ChangeAuthor> {
  const owner = await findUser(orm, key.ownerId);
  return { userId: key.ownerId, label: owner?.name ?? owner?.email ?? "" };
}

const KINDS: Record<NotedChange["kind"], HistoryKind> = {
  edit: "edit",
  revert: "revert",
  restore: "revert",
  delete: "delete",
  import: "import",
  undo: "undo",
  redo: "redo",
};

function itemHead(change: NotedChange): Omit<HistoryItem, "changes" | "data"> {
  const { userId, importId, restoreId, jobId, label } = change;
  return {
    version: versionOf(change),
    at: change.at.toISOString(),
    kind: change.kind === "import" && restoreId !== null ? "restore" : KINDS[change.kind],
    by: {
      ...(userId !== null && { userId }),
      ...(importId !== null && { importId }),
      ...(restoreId !== null && { restoreId }),
      ...(jobId !== null && { jobId }),
      label: label ?? "",
    },
  };
}

function changesOf(before: Data | null, after: Data | null, fieldNames: readonly string[]): FieldChange[] {
  const names = new Set([...fieldNames, ...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .map((field) => ({ field, from: before?.[field] ?? null, to: after?.[field] ?? null }))
    .filter((change) => change.from !== change.to);
}
