import { restoredLine } from "@/db/bulk/restore-staging";
import type { RestoredPart } from "@/db/schema";
import type { BackedRecord } from "@/lib/core/backups/lines";
import { UnchangedRecords } from "@/lib/core/backups/unchanged-records";
import { storableText } from "@/lib/core/fields/clean";
import type { Field } from "@/lib/core/fields/types";
import { cellText } from "@/lib/core/fields/unchanged";
import { compileRowEncoder, type RowEncoder } from "@/lib/core/mapping/row-encoder";
import { emptySummary, type StagedSummary } from "@/lib/services/imports/stage-lines";

const ERRORS_KEPT = 10;

/** Turns the records of one collection of a backup into lines for COPY, each value checked by its field's type. */
export class RestoredLines {
  readonly summary: StagedSummary;
  private readonly fields: readonly Field[];
  private readonly encoder: RowEncoder;
  private readonly recordIds: ReadonlySet<string> | null;

  /** @param lastRow rows that the collection has already, from earlier files of the chain */
  constructor(part: RestoredPart, recordIds: ReadonlySet<string> | null, lastRow: number) {
    const byName = new Map(part.fields.map((field) => [field.name, field as Field]));
    this.fields = part.filled.map((name) => byName.get(name)!);
    this.recordIds = recordIds;
    this.encoder = compileRowEncoder({
      fields: this.fields,
      columnIndexes: this.fields.map((_, index) => index),
      columnCount: this.fields.length,
      options: {},
    });
    this.summary = { ...emptySummary(), lastRow };
  }

  /**
   * Tells the records apart that need no parsing: those that `line` would only write again. Undefined when some records
   * are asked for by their ids.
   */
  unchanged(): UnchangedRecords | undefined {
    return this.recordIds ? undefined : new UnchangedRecords(this.fields);
  }

  /** Counts a valid record in; its number. */
  countRow(): number {
    this.summary.rows++;
    return ++this.summary.lastRow;
  }

  /** The line of a record; "" when it is not among those that were asked for. */
  line(record: BackedRecord): string {
    if (this.recordIds && !this.recordIds.has(record.id)) return "";
    const { summary } = this;
    const cells = this.fields.map(({ name }) => cellText(record.data[name]));
    const number = this.countRow();
    const json = this.encoder.encode(cells);
    if (json !== null) return restoredLine(number, record, { json: json ?? "{}" });
    summary.invalid++;
    for (const { field, code, message } of this.encoder.issues) {
      const key = `${field} ${code}`;
      summary.issueCounts[key] = (summary.issueCounts[key] ?? 0) + 1;
      if (summary.recentErrors.length < ERRORS_KEPT) {
        summary.recentErrors.push({ row: number, field, code, message });
      }
    }
    return restoredLine(number, record, {
      rawJson: JSON.stringify(cells.map(storableText)),
      errorsJson: JSON.stringify(this.encoder.issues),
    });
  }
}
