/** Name of a column the file does not name, by its place. */
function syntheticName(index: number): string {
  return `Column ${index + 1}`;
}

/**
 * Unique, non-empty names for all columns: the header's, with line ends and double blanks taken out; what is empty gets
 * its place as name, what occurs again gets a number.
 */
export function columnNames(header: readonly string[], width: number): string[] {
  const used = new Set<string>();
  return Array.from({ length: Math.max(header.length, width) }, (_, index) => {
    const own = (header[index] ?? "").replace(/\s+/g, " ").trim();
    const base = own === "" ? syntheticName(index) : own;
    let name = base;
    for (let again = 2; used.has(name.toLowerCase()); again++) name = `${base} ${again}`;
    used.add(name.toLowerCase());
    return name;
  });
}
