interface TokenizerLimits {
  columnsMax: number;
  cellCharsMax: number;
}

export interface TokenizerOptions {
  limits: TokenizerLimits;
  /** Cells a row should have, to judge rows whose quotes do not add up; 0 when unknown. */
  expectedColumns: number;
  /** Empty lines among the first so many rows are rows ([""]); all later ones are passed over. */
  keepBlankRows: number;
  /** A trial of a dialect: rows whose quotes do not add up are ended with their line, and soon not looked into. */
  draft?: boolean;
}

/** What the tokenizer cannot read past. `pendingText` is all text pushed so far from the place of the fault on. */
export class TokenizerFault extends Error {
  constructor(
    readonly kind: "unclosed-quote" | "too-many-columns" | "cell-too-long",
    readonly pendingText: string,
  ) {
    super(kind);
    this.name = "TokenizerFault";
  }
}
