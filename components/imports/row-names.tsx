"use client";

import { createContext, use } from "react";
import { formatCount } from "@/components/format";
import { fileRowOf, type FileRows } from "@/lib/core/formats/file-rows";

/** Where the rows of the import on the page stand in its file; null where rows have no places. */
export const FileRowsContext = createContext<FileRows | null>(null);

/**
 * The number of a row of data as the person's spreadsheet program gives it. Its number among the rows of data where that
 * is not known, or the file has no rows.
 */
export function useRowNumber(): (dataRow: number) => number {
  const places = use(FileRowsContext);
  return (dataRow) => (places && fileRowOf(places, dataRow)) ?? dataRow;
}

/** How a row of data is called: "Row 1,003". */
export function useRowName(): (dataRow: number) => string {
  const numberOf = useRowNumber();
  return (dataRow) => `Row ${formatCount(numberOf(dataRow))}`;
}
