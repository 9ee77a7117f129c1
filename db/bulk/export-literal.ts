/** A literal; standard_conforming_strings is on (the server's default since 9.1), so a backslash is only itself. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\0", "").replaceAll("'", "''")}'`;
}

/** An id as a literal. @throws Error when it is none */
export function uuidLiteral(text: string): string {
  if (!/^[0-9a-f-]{36}$/.test(text)) throw new Error("this is not an id");
  return `'${text}'::uuid`;
}
