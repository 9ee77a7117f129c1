/** How a delimited text file is written. Line ends need no telling: \n, \r\n and \r all end a row. */
export interface Dialect {
  /** One character or several; "" means that every line is one cell. */
  delimiter: string;
  /** "" = the file has no quotes. */
  quote: string;
  /** "" = a quote inside a quoted cell is doubled; else the character that takes the meaning from the next one. */
  escape: string;
}

/**
 * Undoes the escape character of a dialect: it is dropped before a quote, a delimiter, a line end or another escape
 * character; before anything else it is text.
 */
export function unescapeCell(cell: string, { quote, escape, delimiter }: Dialect): string {
  if (!cell.includes(escape)) return cell;
  let plain = "";
  for (let at = 0; at < cell.length; at++) {
    const char = cell.charAt(at);
    const next = cell.charAt(at + 1);
    const escapes =
      next !== "" &&
      (next === quote ||
        next === escape ||
        next === "\n" ||
        next === "\r" ||
        (delimiter !== "" && cell.startsWith(delimiter, at + 1)));
    if (char === escape && escapes) {
      plain += next;
      at++;
    } else {
      plain += char;
    }
  }
  return plain;
}
