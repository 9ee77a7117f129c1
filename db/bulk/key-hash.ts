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
