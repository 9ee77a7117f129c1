/** Empty rows of a file, which are no rows of data: `rows` of them stand directly before data row `before`. */
export interface PassedOver {
  before: number;
  rows: number;
}

/** Where the rows of data stand in their file, as a spreadsheet program numbers them. */
export interface FileRows {
  /** The file's row that is data row 1: the ones above are the header, and what stands over it. */
  first: number;
  /** In the order of the file. */
  passedOver: PassedOver[];
  /** Empty rows are known up to here only: there are too many of them behind. */
  knownThrough?: number;
}

/**
 * The file's row of a data row, 1-based; undefined where that is not known. Lines within a quoted cell make no rows: a
 * spreadsheet program shows them in one.
 */
export function fileRowOf(
  { first, passedOver, knownThrough }: FileRows,
  dataRow: number,
): number | undefined {
  if (knownThrough !== undefined && dataRow > knownThrough) return undefined;
  let row = first + dataRow - 1;
  for (const { before, rows } of passedOver) {
    if (before > dataRow) break;
    row += rows;
  }
  return row;
}
