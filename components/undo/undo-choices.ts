import type { UndoPreviewView } from "@/lib/contracts/imports";
import type { RestoreUndo } from "@/lib/contracts/restores";

export type UndoChoice = "keep" | "revert";
/** Of a restore with the import that it belongs to: records are unique within their collection. */
export type ChangedRecord = UndoPreviewView["changedSince"][number] & {
  importId?: string;
  collectionName?: string;
};
/** As the undo of an import takes it, and of a restore. */
export type UndoBody = RestoreUndo;

/** What the person chose for records that were edited since: a rule for all, and exceptions from it. */
export interface UndoChoices {
  all: UndoChoice;
  /** By the record's key: a choice of its own, and within it single fields that go the other way. */
  records: Readonly<Record<string, RecordChoice>>;
}

interface RecordChoice {
  resolution: UndoChoice;
  fields: Readonly<Record<string, UndoChoice>>;
}

export const NOTHING_CHOSEN: UndoChoices = { all: "keep", records: {} };

/** What a record's choice is noted under. */
export function keyOf({ importId, recordId }: Pick<ChangedRecord, "importId" | "recordId">): string {
  return importId === undefined ? recordId : `${importId}:${recordId}`;
}

/** A rule for all takes every exception back: it is what the person means last. */
export function chooseForAll(all: UndoChoice): UndoChoices {
  return { all, records: {} };
}

export function chooseRecord(choices: UndoChoices, key: string, resolution: UndoChoice): UndoChoices {
  return withRecord(choices, key, { resolution, fields: {} });
}

export function chooseField(
  choices: UndoChoices,
  key: string,
  field: string,
  choice: UndoChoice,
): UndoChoices {
  const before = choices.records[key] ?? { resolution: choices.all, fields: {} };
  const fields = Object.fromEntries(
    Object.entries({ ...before.fields, [field]: choice }).filter(([, c]) => c !== before.resolution),
  );
  return withRecord(choices, key, { resolution: before.resolution, fields });
}

function withRecord(choices: UndoChoices, key: string, choice: RecordChoice): UndoChoices {
  const records = { ...choices.records, [key]: choice };
  if (choice.resolution === choices.all && Object.keys(choice.fields).length === 0) delete records[key];
  return { ...choices, records };
}

export function choiceOf(choices: UndoChoices, key: string, field?: string): UndoChoice {
  const record = choices.records[key];
  if (!record) return choices.all;
  return (field === undefined ? undefined : record.fields[field]) ?? record.resolution;
}

/** Whether single fields of the record go another way than the record itself. */
export function isMixed(choices: UndoChoices, key: string): boolean {
  return Object.keys(choices.records[key]?.fields ?? {}).length > 0;
}

/** Edited records that are reverted as a whole, of `count` in all; those not listed follow the rule. */
export function revertedCount(choices: UndoChoices, count: number): number {
  const exceptions = Object.values(choices.records).filter((r) => r.resolution !== choices.all).length;
  return choices.all === "revert" ? count - exceptions : exceptions;
}

export function undoBody(choices: UndoChoices): UndoBody {
  const specificResolutions = Object.entries(choices.records).map(([key, { resolution, fields }]) => {
    const [recordId = key, importId] = key.split(":").toReversed();
    return {
      ...(importId === undefined ? {} : { importId }),
      recordId,
      resolution,
      ...(Object.keys(fields).length > 0 ? { fields: { ...fields } } : {}),
    };
  });
  return {
    changedSince: choices.all,
    ...(specificResolutions.length > 0 ? { specificResolutions } : {}),
  };
}

/** Fields worth showing: those that the import or somebody since made different, in the collection's order. */
export function shownFields(record: ChangedRecord, order: readonly string[]): string[] {
  const { before, written, current } = record;
  const differs = (name: string) =>
    record.fields.includes(name) ||
    (written !== null && written[name] !== current[name]) ||
    (before !== null && before[name] !== current[name]);
  const known = new Set(order);
  const others = [before, written, current].flatMap((data) => Object.keys(data ?? {}));
  return [...order, ...new Set(others.filter((name) => !known.has(name)))].filter(differs);
}
