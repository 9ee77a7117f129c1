/** Marks that a browser or a file manager puts behind a copy's name. */
const COPY_MARK = /(?:\s*\(\d{1,3}\)|\s*-\s*copy(?:\s*\(\d+\))?|\s+copy(?:\s+\d+)?)$/;
const EXTENSION = /\.[a-z0-9]{1,5}$/;
/** A date at the end, as exports carry one: 2026-11-22, 20261122, 22.11.2026, with or without a time. */
const DATE_STAMP =
  /[\s._-]*(?:\d{4}[-._]?\d{2}[-._]?\d{2}|\d{2}[-.]\d{2}[-.]\d{4})(?:[t\s._-]*\d{2}[-:._]?\d{2}(?:[-:._]?\d{2})?z?)?$/;
/** A year of its own at the end, as yearly lists carry one; with a month before or after it. */
const YEAR_STAMP = /[\s._-]+(?:(?:19|20)\d{2}(?:[-._]\d{2})?|\d{2}[-._](?:19|20)\d{2})$/;

/**
 * The name under which deliveries of one source are known, made of a file's name: without its extension, copy marks and
 * the date or year at its end, in lower case. "Trips 2026-11-22 (1).csv", "trips-2025.csv" and "trips.xlsx" are
 * deliveries of "trips"; "trips old" is another source.
 */
export function sourceKeyOf(fileName: string): string {
  const whole = fileName.trim().toLowerCase().normalize("NFC");
  let name = whole.replace(EXTENSION, "");
  for (const mark of [COPY_MARK, DATE_STAMP, YEAR_STAMP, COPY_MARK]) name = name.replace(mark, "");
  return name.trim() || whole;
}
