import type { UndoImport, UndoPreviewView } from "@/lib/contracts/imports";

export type UndoChoice = "keep" | "revert";
export type ChangedRecord = UndoPreviewView["changedSince"][number];

/** What the person chose for records that were edited since: a rule for all, and exceptions from it. */
export interface UndoChoices {
  all: UndoChoice;
  /** By record id: a choice of its own, and within it single fields that go the other way. */
  records: Readonly<Record<string, RecordChoice>>;
}

interface RecordChoice {
  resolution: UndoChoice;
  fields: Readonly<Record<string, UndoChoice>>;
}

export const NOTHING_CHOSEN: UndoChoices = { all: "keep", records: {} };

/** A rule for all takes every exception back: it is what the person means last. */
export function chooseForAll(all: UndoChoice): UndoChoices {
  return { all, records: {} };
}

export function chooseRecord(choices: UndoChoices, recordId: string, resolution: UndoChoice): UndoChoices {
  return withRecord(choices, recordId, { resolution, fields: {} });
}

export function chooseField(
  choices: UndoChoices,
  recordId: string,
  field: string,
  choice: UndoChoice,
): UndoChoices {
  const before = choices.records[recordId] ?? { resolution: choices.all, fields: {} };
  const fields = Object.fromEntries(
    Object.entries({ ...before.fields, [field]: choice }).filter(([, c]) => c !== before.resolution),
  );
  return withRecord(choices, recordId, { resolution: before.resolution, fields });
}

function withRecord(choices: UndoChoices, recordId: string, choice: RecordChoice): UndoChoices {
  const records = { ...choices.records, [recordId]: choice };
  if (choice.resolution === choices.all && Object.keys(choice.fields).length === 0) delete records[recordId];
  return { ...choices, records };
}

export function choiceOf(choices: UndoChoices, recordId: string, field?: string): UndoChoice {
  const record = choices.records[recordId];
  if (!record) return choices.all;
  return (field === undefined ? undefined : record.fields[field]) ?? record.resolution;
}

/** Whether single fields of the record go another way than the record itself. */
export function isMixed(choices: UndoChoices, recordId: string): boolean {
  return Object.keys(choices.records[recordId]?.fields ?? {}).length > 0;
}

/** Edited records that are reverted as a whole, of `count` in all; those not listed follow the rule. */
export function revertedCount(choices: UndoChoices, count: number): number {
  const exceptions = Object.values(choices.records).filter((r) => r.resolution !== choices.all).length;
  return choices.all === "revert" ? count - exceptions : exceptions;
}

export function undoBody(choices: UndoChoices): UndoImport {
  const specificResolutions = Object.entries(choices.records).map(([recordId, { resolution, fields }]) => ({
    recordId,
    resolution,
    ...(Object.keys(fields).length > 0 ? { fields: { ...fields } } : {}),
  }));
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
