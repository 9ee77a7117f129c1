import type { ExportSnapshot } from "@/db/bulk/export-snapshot";
import type { CreateExport } from "@/lib/contracts/exports";
import type { PrivacyStatement } from "@/lib/core/privacy/handling";
import type { CategoryTable } from "@/lib/services/exports/categories";
import type { CollectionPlan } from "@/lib/services/exports/plan-export";

/** What an export consists of, in order. An entry is one file of it; bytes belong to the entry before them. */
export type ExportPiece =
  | { kind: "counted"; total: number; privacy: PrivacyStatement | undefined }
  | { kind: "entry"; name: string }
  /** `records` have been written with these bytes. */
  | { kind: "bytes"; bytes: Uint8Array; records: number };

/** Everything that a format needs to write an export. */
export interface ExportSource {
  snapshot: ExportSnapshot;
  request: CreateExport;
  now: Date;
  counted: readonly { plan: CollectionPlan; count: number }[];
  categories: readonly CategoryTable[];
  privacy: PrivacyStatement | undefined;
}

/** A request as it is kept: its collections by id, and whether they were "all". */
export type ExportWish = CreateExport & { all?: boolean };

const NEWLINE = 10;

/** A piece of text that holds no record. */
export function text(content: string): ExportPiece {
  return { kind: "bytes", bytes: Buffer.from(content), records: 0 };
}

export function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
