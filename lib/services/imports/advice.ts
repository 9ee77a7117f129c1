import type { PlanCounts } from "@/lib/contracts/imports";
import { fileRowOf } from "@/lib/core/formats/file-rows";
import { fileRowsOf } from "./file-rows";
import type { RunningImport } from "./running";
import type { StagedSummary } from "./stage-lines";

const NUMBER = new Intl.NumberFormat("en");

/** What happened that the person should know, in sentences. */
export function warnings(running: RunningImport, staged: StagedSummary, plan: PlanCounts): string[] {
  const said: string[] = [];
  const places = fileRowsOf(running.detection, staged);
  const placeOf = (row: number) => (places && fileRowOf(places, row)) ?? row;
  if (staged.problem) {
    said.push(
      `The file could only be read in part: ${staged.problem.message} What stood before that was imported.`,
    );
  }
  if (plan.duplicatesInFile > 0) {
    const what = running.criteria.length > 0 ? "the key of an earlier row" : "an earlier row";
    const verb = plan.duplicatesInFile === 1 ? "repeats" : "repeat";
    said.push(
      `${rows(plan.duplicatesInFile)} in the file ${verb} ${what}. Each was treated as a record of its own.`,
    );
  }
  if (staged.rowsWithExtraCells > 0) {
    said.push(
      `${rows(staged.rowsWithExtraCells)} had more cells than the header; the extra cells were left out.`,
    );
  }
  if (staged.blank > 0) said.push(`${rows(staged.blank)} held nothing and were passed over.`);
  if (staged.unknownKeys.length > 0) {
    said.push(`Not imported, because they first appear late in the file: ${staged.unknownKeys.join(", ")}.`);
  }
  for (const [name, count] of Object.entries(staged.corrections)) {
    said.push(
      `${label(running, name)}: ${NUMBER.format(count)} ${count === 1 ? "value was" : "values were"} corrected.`,
    );
  }
  for (const { field, rows: count, samples } of plan.danglingReferences) {
    const where = samples.map((s) => `row ${NUMBER.format(placeOf(s.row))}: “${s.value}”`).join(", ");
    said.push(
      `${label(running, field)}: ${rows(count)} ${count === 1 ? "refers" : "refer"} to a record that is not there (${where}). The value was kept as it is.`,
    );
  }
  if (running.options.strategy === "replace" && (staged.invalid > 0 || staged.problem)) {
    said.push(
      "No record was removed, because not every row of the file could be read: a record whose row is invalid would have been taken for one that is gone. Mend those rows and import the file again.",
    );
  }
  return said;
}

/** What the person could do next to get more out of the file. */
export function recommendations(running: RunningImport, staged: StagedSummary): string[] {
  const said: string[] = [];
  const { created, newCollection } = running.row;
  if (created?.keyField) {
    said.push(
      `“${label(running, created.keyField)}” is filled in and different in every row: rows of a later file update the record that has theirs. “Matching”, on the page of ${newCollection?.name ?? "the collection"}, changes that.`,
    );
  }
  for (const [key, count] of Object.entries(staged.issueCounts)) {
    const [name = "", code] = key.split(" ");
    if (code === "ambiguous-date") {
      said.push(
        `${label(running, name)}: ${NUMBER.format(count)} dates can be read as day/month or month/day. Import again with the date order set.`,
      );
    } else if (count > staged.rows / 10 && code !== "required") {
      said.push(
        `${label(running, name)}: ${NUMBER.format(count)} values do not fit the type ${fieldType(running, name)}. If they are right, make it a text field and import again.`,
      );
    }
  }
  return said;
}

function rows(count: number): string {
  return `${NUMBER.format(count)} ${count === 1 ? "row" : "rows"}`;
}

function label(running: RunningImport, name: string): string {
  return running.target.fields.find((f) => f.name === name)?.label ?? name;
}

function fieldType(running: RunningImport, name: string): string {
  return running.target.fields.find((f) => f.name === name)?.type ?? "text";
}
