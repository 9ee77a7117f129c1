/** A string literal of SQL. Only for text that has to stand inside an expression, such as a generated column's. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * SQL text of the 64-bit hash by which two records are the same one under strict matching: of the key fields' text
 * joined by U+001F, or of the whole content when the collection has no key. NULL (matches nothing) when every key
 * field is empty. Immutable, so that it may generate a column. Equal hashes are rechecked field by field (see
 * `keyEquals`) before anything is changed: 64 bits make a false match unlikely, not impossible.
 */
export function keyHashExpression(keyFields: readonly string[], dataColumn: string): string {
  if (keyFields.length === 0) return `jsonb_hash_extended(${dataColumn}, 0)`;
  const values = keyFields.map((name) => `${dataColumn} ->> ${literal(name)}`);
  const joined = values.map((v) => `coalesce(${v}, '')`).join(` || E'\\x1f' || `);
  return `case when coalesce(${values.join(", ")}) is null then null else hashtextextended(${joined}, 0) end`;
}

/** SQL text that is true when two data columns agree on every key field (on everything when there is no key). */
export function keyEquals(keyFields: readonly string[], left: string, right: string): string {
  if (keyFields.length === 0) return `${left} = ${right}`;
  return keyFields
    .map((name) => `${left} -> ${literal(name)} is not distinct from ${right} -> ${literal(name)}`)
    .join(" and ");
}

/**
 * PostgreSQL's hash of an object turns by one bit with every name and every value, and is back where it was after 32:
 * values that two fields 16 apart have exchanged would leave it as it was.
 */
const FIELDS_TOLD_APART = 16;

/** SQL text (bigint), of data that hold these fields only: equal where they hold the same (2^-64 aside). */
export function contentHashExpression(fields: readonly string[], data: string): string {
  const groups = Math.max(1, Math.ceil(fields.length / FIELDS_TOLD_APART));
  const hashes = Array.from({ length: groups }, (_, group) => {
    const others = fields.filter((_, i) => Math.floor(i / FIELDS_TOLD_APART) !== group);
    return `jsonb_hash_extended(${withoutFields(others, data)}, ${group + 1})`;
  });
  return `(${hashes.join(" # ")})`;
}

/** SQL text: data without some of its fields. */
export function withoutFields(fields: readonly string[], data: string): string {
  return fields.length === 0 ? data : `(${data} - array[${fields.map(literal).join(",")}])`;
}
