/**
 * SQL text (uuid) of the id of the record that the staged row `row` becomes: the import's prefix, a text parameter, and
 * the row's number. What lib/platform/ids.ts calls `rowId`.
 */
export function rowIdExpression(prefixParameter: number, row = "s"): string {
  return `($${prefixParameter}::text || lpad(to_hex(${row}.row_number), 8, '0'))::uuid`;
}
