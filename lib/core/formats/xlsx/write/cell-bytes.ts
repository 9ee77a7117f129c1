/** "A", "Z", "AA"… of a 0-based column. */
export function columnLetters(index: number): string {
  let letters = "";
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) {
    letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  }
  return letters;
}

/** Digits that a double holds whatever they are: more of them only text keeps. */
const SIGNIFICANT_DIGITS_MAX = 15;
const NUMBER_BYTES_MAX = 21;

/** Whether the decimal number in [start, end) survives a spreadsheet, which holds doubles and shows 15 digits. */
export function isSafeNumber(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > NUMBER_BYTES_MAX) return false;
  let significant = 0;
  let zeros = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === 0x2e || byte === 0x2d) continue;
    if (byte < 0x30 || byte > 0x39) return false;
    if (byte === 0x30) {
      if (significant > 0) zeros++;
    } else {
      // Zeros between other digits count; those at either end do not.
      significant += zeros + 1;
      zeros = 0;
    }
  }
  return significant <= SIGNIFICANT_DIGITS_MAX;
}

/** 1900-03-01 is serial 61: before it, spreadsheets count a day that never was. */
const SERIAL_MIN = 61;
const DASH = 0x2d;

/** The serial number of the day "YYYY-MM-DD" at `at`, -1 when it is none, or before what a workbook can show. */
export function daySerial(bytes: Buffer, at: number): number {
  if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return -1;
  const year = digits(bytes, at, 4);
  const month = digits(bytes, at + 5, 2);
  const day = digits(bytes, at + 8, 2);
  if (year < 0 || month < 1 || day < 1) return -1;
  // Days from civil: years begin in March, so that leap days end them.
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * m + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  // 719468 days lie between 0000-03-01 and 1970-01-01, which is serial 25569.
  const serial = era * 146_097 + dayOfEra - 719_468 + 25_569;
  return serial < SERIAL_MIN ? -1 : serial;
}

/** Milliseconds of the day of "HH:MM:SS" or "HH:MM:SS.sss" in [at, end), -1 when it is neither. */
export function timeMillis(bytes: Buffer, at: number, end: number): number {
  const hasMillis = end - at === 12;
  if (!hasMillis && end - at !== 8) return -1;
  const hours = digits(bytes, at, 2);
  const minutes = digits(bytes, at + 3, 2);
  const seconds = digits(bytes, at + 6, 2);
  const millis = hasMillis ? digits(bytes, at + 9, 3) : 0;
  if (hours < 0 || minutes < 0 || seconds < 0 || millis < 0) return -1;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis;
}

function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
