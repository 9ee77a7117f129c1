import { neutralise } from "@/lib/core/csv-safety";
import { csvLine, withCrlf } from "@/lib/core/formats/csv/write";
import { statementLines } from "@/lib/core/privacy/handling";
import type { CategoryTable } from "@/lib/services/exports/categories";
import type { ExportPiece, ExportSource } from "@/lib/services/exports/piece";
import { text } from "@/lib/services/exports/piece";

/**
 * One CSV file for each collection and category. What was withheld stands in a file of its own, first of all: a line in
 * the table would be a row of it.
 */
export async function* csvPieces(source: ExportSource): AsyncIterable<ExportPiece> {
  const { snapshot, request, counted, categories, privacy } = source;
  const { bom, delimiter, formulaSafe } = request.csv;
  const mark = bom ? "\uFEFF" : "";
  if (privacy) {
    yield { kind: "entry", name: "PRIVACY.txt" };
    yield text(`${privacy.mode}\r\n\r\n${statementLines(privacy).join("\r\n")}\r\n`);
  }
  for (const { plan } of counted) {
    yield { kind: "entry", name: `${plan.collection.name}.csv` };
    const labels = plan.columns.map(({ label }) => (formulaSafe ? neutralise(label) : label));
    yield text(mark + csvLine(labels, delimiter));
    const columns = plan.columns.map(({ column }) => column);
    for await (const { bytes, rows } of withCrlf(snapshot.csvRows(plan.selection, columns, delimiter))) {
      yield { kind: "bytes", bytes, records: rows };
    }
  }
  for (const category of categories) {
    yield { kind: "entry", name: `${category.name}.csv` };
    yield text(mark + categoryCsv(category, delimiter, formulaSafe));
  }
}

function categoryCsv({ columns, rows }: CategoryTable, delimiter: string, formulaSafe: boolean): string {
  const cell = (value: string | number | null | undefined) => {
    const plain = value === null || value === undefined ? "" : String(value);
    return formulaSafe && typeof value === "string" ? neutralise(plain) : plain;
  };
  const lines = rows.map((row) =>
    csvLine(
      columns.map((name) => cell(row[name])),
      delimiter,
    ),
  );
  return csvLine(columns, delimiter) + lines.join("");
}
