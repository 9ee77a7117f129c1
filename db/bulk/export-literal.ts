/** A literal; standard_conforming_strings is on (the server's default since 9.1), so a backslash is only itself. */
export function quoted(text: string): string {
  return `'${text.replaceAll("\0", "").replaceAll("'", "''")}'`;
}
