/** How a delimited text file is written. Line ends need no telling: \n, \r\n and \r all end a row. */
export interface Dialect {
  /** One character or several; "" means that every line is one cell. */
  delimiter: string;
  /** "" = the file has no quotes. */
  quote: string;
  /** "" = a quote inside a quoted cell is doubled; else the character that takes the meaning from the next one. */
  escape: string;
}
