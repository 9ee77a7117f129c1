import type { CreateExport, ExportFormat } from "@/lib/contracts/exports";
import { ValidationError } from "@/lib/platform/errors";
import { safeFileName, type Container } from "@/lib/services/exports/pack";

const LEVEL = 6;
const CONTENT_TYPES: Record<ExportFormat, string> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
};

export interface FileForm {
  fileName: string;
  contentType: string;
  container: Container;
}

/** The one file that an export of these collections becomes. Several CSV files are always put into a ZIP. */
export function fileForm(
  request: Pick<CreateExport, "format" | "compression">,
  collectionNames: readonly string[],
  now: Date,
): FileForm {
  const format = availableFormat(request.format);
  const container = containerOf(request, collectionNames.length);
  const [only] = collectionNames;
  const base = collectionNames.length === 1 && only ? only : "ferry-export";
  const name = safeFileName(`${base}-${now.toISOString().slice(0, 10)}`);
  switch (container.kind) {
    case "zip":
      return { fileName: `${name}.zip`, contentType: "application/zip", container };
    case "gzip":
      return { fileName: `${name}.${format}.gz`, contentType: "application/gzip", container };
    case "plain":
      return { fileName: `${name}.${format}`, contentType: CONTENT_TYPES[format], container };
  }
}

/** @throws ValidationError for a format that is still to come */
export function availableFormat(format: CreateExport["format"]): ExportFormat {
  if (format === "json" || format === "csv") return format;
  throw new ValidationError(
    `Ferry cannot write ${format} files yet. Choose json or csv.`,
    [{ path: "format", message: "not available yet" }],
    "format-not-available-yet",
  );
}

export function containerOf(request: Pick<CreateExport, "format" | "compression">, files: number): Container {
  const level = request.compression?.level ?? LEVEL;
  if (request.format === "csv" && files > 1) return { kind: "zip", level };
  return request.compression ? { kind: request.compression.algorithm, level } : { kind: "plain" };
}
