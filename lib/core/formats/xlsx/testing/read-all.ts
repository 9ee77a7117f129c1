import { memorySource } from "../../csv/testing/memory-source";
import {
  DEFAULT_READ_LIMITS,
  FileProblem,
  type Detection,
  type FormatReader,
  type ReadLimits,
  type SourceOptions,
} from "../../types";

export interface ReadResult {
  detection: Detection;
  rows: string[][];
  /** What the reading ended with. */
  problem?: FileProblem;
}

/** Detects and reads a file to its end or its problem; a problem in detection is thrown. */
export async function readAll(
  reader: FormatReader,
  bytes: string | Uint8Array,
  options: SourceOptions = {},
  limits: Partial<ReadLimits> = {},
  chunkBytes?: number,
): Promise<ReadResult> {
  const file = memorySource(bytes, chunkBytes);
  const allLimits = { ...DEFAULT_READ_LIMITS, ...limits };
  const detection = await reader.detect(file, options, allLimits, 100);
  const rows: string[][] = [];
  try {
    for await (const batch of reader.read(file, detection, allLimits)) {
      if (batch.firstRow !== rows.length + 1) throw new Error(`batch begins at ${batch.firstRow}`);
      rows.push(...batch.rows);
    }
  } catch (error) {
    if (error instanceof FileProblem) return { detection, rows, problem: error };
    throw error;
  }
  return { detection, rows };
}

/** The problem that detecting and reading the file ends with. */
export async function problemOf(...args: Parameters<typeof readAll>): Promise<FileProblem | undefined> {
  try {
    return (await readAll(...args)).problem;
  } catch (error) {
    if (error instanceof FileProblem) return error;
    throw error;
  }
}
