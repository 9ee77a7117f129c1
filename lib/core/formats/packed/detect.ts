import { FileProblem, type ByteSource, type Detection, type SourceOptions } from "../types";
import type { PackedFile } from "./open";

/** Files that are tried one after the other where nobody says which one it is. */
const TRIED_MAX = 20;

/**
 * What the table inside a package is. Of several files the first that is one, unless `sheet` tells another: then they are
 * the sheets. Of a single file the sheets are its own.
 */
export async function detectPacked(
  packed: PackedFile,
  options: SourceOptions,
  detect: (file: ByteSource, options: SourceOptions) => Promise<Detection>,
): Promise<Detection> {
  const { entries, kind } = packed;
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) {
    const found = await detect(await packed.open(only), options);
    const evidence = kind === "gzip" ? "Unpacked from gzip." : `“${only}”, the only file in the ZIP archive.`;
    return {
      ...found,
      packed: { kind, entry: only, sheet: found.source.sheet },
      evidence: [evidence, ...found.evidence],
    };
  }
  const { index, found } = await firstTable(packed, options, detect);
  return {
    ...found,
    source: { ...found.source, sheet: index },
    sheets: entries.map((name, i) => ({ index: i, name })),
    packed: { kind, entry: entries[index]!, sheet: found.source.sheet },
    evidence: [`“${entries[index]}”, one of ${entries.length} files in the ZIP archive.`, ...found.evidence],
  };
}

async function firstTable(
  packed: PackedFile,
  { sheet: told, ...options }: SourceOptions,
  detect: (file: ByteSource, options: SourceOptions) => Promise<Detection>,
): Promise<{ index: number; found: Detection }> {
  const { entries } = packed;
  if (told !== undefined) {
    const index = entries.findIndex((name, i) => i === told || name === told);
    if (index !== -1) return { index, found: await detect(await packed.open(entries[index]!), options) };
    const names = entries.slice(0, TRIED_MAX).map((name) => `“${name}”`);
    throw new FileProblem(
      "sheet-not-found",
      `The ZIP archive has no file “${told}”. It has: ${names.join(", ")}.`,
      {
        sheet: String(told),
      },
    );
  }
  let first: FileProblem | undefined;
  for (const [index, name] of entries.slice(0, TRIED_MAX).entries()) {
    try {
      return { index, found: await detect(await packed.open(name), options) };
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      first ??= error;
    }
  }
  throw first ?? new FileProblem("not-a-table", "None of the files in the ZIP archive is a table.");
}
