import { seededRandom } from "./random";

/**
 * insert: into a new collection · update and replace: an older and a newer version of the same data, with hand edits
 * between; one merges, the other makes the collection what the file says.
 */
export const KINDS = ["insert", "update", "replace"] as const;
export type Kind = (typeof KINDS)[number];

const COUNTRIES = ["Japan", "Peru", "Laos", "Thailand", "Portugal", "Malaysia", "Vietnam", "South Korea"];
const HEADER = "Country,Entry Date,Exit Date,Visa Type,Max Days,Passport Country,Notes\n";
/** Two chunks of an import, so that one can be in while the other is still to come. */
const ROWS = 12_500;

export interface DataSet {
  /** The older file, which is in before anything is broken; undefined for an import into a new collection. */
  base: string | undefined;
  /** The file whose import is broken into, and what it does with records that are there. */
  next: string;
  strategy: "merge" | "replace";
  /** Visa types (each names one trip) that are edited by hand between the two, and what is changed. */
  edits: { visaType: string; data: Record<string, string | number | null> }[];
}

interface Trip {
  number: number;
  country: string;
  day: number;
  maxDays: number;
  notes: string;
}

/** The data of a seed: trips with quotes, accents and gaps, some rows doubled, a few invalid. */
export function dataSet(kind: Kind, seed: number): DataSet {
  const random = seededRandom(seed * 7 + KINDS.indexOf(kind));
  const trip = (number: number): Trip => ({
    number,
    country: random.pick(COUNTRIES),
    day: random.int(0, 700),
    maxDays: random.int(1, 90),
    notes: `note ${random.int(0, 1e6)} äöü, ""quoted""`,
  });
  const older = Array.from({ length: ROWS - random.int(0, 900) }, (_, i) => trip(i + 1));
  if (kind === "insert") {
    return { base: undefined, next: fileOf(older, seed, { invalid: true }), strategy: "merge", edits: [] };
  }

  const changed = older.map((old) => (random.chance(0.1) ? { ...old, notes: `${old.notes} changed` } : old));
  const kept = changed.filter(() => !random.chance(0.05));
  const added = Array.from({ length: random.int(500, 1_500) }, (_, i) => trip(ROWS + i + 1));
  const edited = (from: Trip[], field: Record<string, string | number | null>) =>
    Array.from({ length: 3 }, () => ({ visaType: visaType(random.pick(from)), data: field }));
  return {
    base: fileOf(older, seed, { invalid: true }),
    // With an invalid row nothing would be removed.
    next: fileOf([...kept, ...added], seed + 1, { invalid: kind !== "replace" }),
    strategy: kind === "replace" ? "replace" : "merge",
    edits: [
      // Changed on both sides, on one side, and in another field.
      ...edited(
        kept.filter((t) => t.notes.endsWith("changed")),
        { notes: "typed by hand" },
      ),
      ...edited(
        kept.filter((t) => !t.notes.endsWith("changed")),
        { notes: null },
      ),
      ...edited(kept, { passportCountry: "Germany" }),
    ],
  };
}

const visaType = (trip: Trip) => `Visa ${trip.number}`;

function fileOf(trips: Trip[], seed: number, { invalid }: { invalid: boolean }): string {
  const random = seededRandom(seed);
  const lines: string[] = [];
  for (const trip of trips) {
    const { country, day, maxDays, notes } = trip;
    const date = new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10);
    const isInvalid = random.chance(0.003) && invalid;
    const line = `${country},${isInvalid ? "2023-02-31" : date},,${visaType(trip)},${maxDays},,"${notes}"\n`;
    lines.push(line);
    if (random.chance(0.003)) lines.push(line);
  }
  return HEADER + lines.join("");
}
