/**
 * Text that a spreadsheet would run as a formula when it opens a CSV file, or that such text was guarded from: any
 * number of our own guards before = + - @ (also in their full-width forms), tab, or a line break.
 */
const DANGEROUS = /^'*[=+\-@\t\r\n＝＋－＠]/;
const GUARDED = /^''*[=+\-@\t\r\n＝＋－＠]/;

/**
 * A text cell made safe to open in a spreadsheet: an apostrophe goes before text that would be a formula, and before
 * text that looks as if that had been done already, so that `restore` always finds the original. For text-like fields
 * only: a negative number is no formula.
 */
export function neutralise(text: string): string {
  return DANGEROUS.test(text) ? `'${text}` : text;
}

/** The inverse of `neutralise`. Right only for files that were neutralised: Ferry's own CSV exports. */
export function restore(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}
