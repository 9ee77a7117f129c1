import { momentText } from "@/db/bulk/account-categories";
import { quoted } from "@/db/bulk/export-literal";

/**
 * What replaces a personal value (lib/core/privacy): a keyed pseudonym of its text, the same as the host of a web
 * address that leads nowhere, or the first day (or moment) of its year.
 */
export type Treatment = "pseudonym" | "pseudonym-url" | "year" | "year-moment";

/** A column of a table that is exported, as SQL makes it. */
export type ExportColumn =
  /** A field's value; `guard` = text that a spreadsheet might run as a formula gets an apostrophe before it. */
  | { kind: "field"; field: string; guard: boolean; treatment?: Treatment }
  /** Days from one date field to the other, both counted; up to `today` ("YYYY-MM-DD") while the second is empty. */
  | { kind: "days"; from: string; to: string; today: string }
  | { kind: "metadata"; name: keyof typeof METADATA };

export const METADATA = {
  id: "id",
  version: "version",
  createdAt: momentText("created_at", "MS"),
  updatedAt: momentText("updated_at", "MS"),
  source: "case when source_import_id is null then 'hand' else 'import ' || source_import_id end",
} as const;

/** The settings of a transaction that hold the two halves of the pseudonyms' key (hex), out of the statements' text. */
export const KEY_SETTINGS = { inner: "ferry.pseudonym_inner", outer: "ferry.pseudonym_outer" } as const;

/** Code points with which dangerous text begins (lib/core/csv-safety.ts): told apart before a pattern is tried. */
const DANGEROUS_FIRST = [..."'=+-@\t\r\n＝＋－＠"].map((c) => c.codePointAt(0)).join(",");
const DANGEROUS = String.raw`^'*[=+\-@\t\r\n＝＋－＠]`;

/** The SQL expression of a column's text; null where the cell is empty. */
export function valueOf(column: ExportColumn): string {
  switch (column.kind) {
    case "metadata":
      return METADATA[column.name];
    case "field": {
      const value = `data ->> ${quoted(column.field)}`;
      if (column.treatment) return treated(`(${value})`, column.treatment);
      if (!column.guard) return value;
      return `case when ascii(${value}) in (${DANGEROUS_FIRST}) and ${value} ~ ${quoted(DANGEROUS)}
              then '''' || (${value}) else ${value} end`;
    }
    case "days": {
      const from = `(data ->> ${quoted(column.from)})::date`;
      const to = `(data ->> ${quoted(column.to)})::date`;
      const today = `${quoted(column.today)}::date`;
      return `case when ${from} is null or ${to} < ${from} then null
              when ${to} is null then greatest(0, ${today} - ${from} + 1) else ${to} - ${from} + 1 end`;
    }
  }
}

function treated(value: string, treatment: Treatment): string {
  switch (treatment) {
    case "pseudonym":
      return `'P-' || ${pseudonym(value)}`;
    case "pseudonym-url":
      return `'https://pseudonym.invalid/P-' || ${pseudonym(value)}`;
    case "year":
      return `left(${value}, 4) || '-01-01'`;
    case "year-moment":
      return `left(${value}, 4) || '-01-01T00:00:00Z'`;
  }
}

/**
 * HMAC-SHA-256 (RFC 2104) of a text as its definition has it, from the server's own sha256: the key is padded and mixed
 * with the two constants before (lib/core/privacy/pseudonym-key.ts). A scalar subquery is evaluated once a statement.
 */
function pseudonym(value: string): string {
  const half = (setting: string) => `(select decode(current_setting(${quoted(setting)}), 'hex'))`;
  const inner = `sha256(${half(KEY_SETTINGS.inner)} || convert_to(${value}, 'UTF8'))`;
  return `substr(encode(sha256(${half(KEY_SETTINGS.outer)} || ${inner}), 'hex'), 1, 16)`;
}
