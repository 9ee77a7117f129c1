import type { CreateExport, ExportFormat } from "@/lib/contracts/exports";
import { AVAILABLE_EXPORT_FORMATS } from "@/lib/contracts/exports";
import { ValidationError } from "@/lib/platform/errors";
import { safeFileName, type Container } from "@/lib/services/exports/pack";
import { privacyMode } from "@/lib/services/exports/plan-privacy";

const LEVEL = 6;
/** The XML of a workbook packs almost as well at the lowest level, in a third of the time. */
const WORKBOOK_LEVEL = 1;
const CONTENT_TYPES: Record<ExportFormat, string> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

type FormRequest = Pick<CreateExport, "format" | "compression" | "categories" | "privacy">;

export interface FileForm {
  fileName: string;
  contentType: string;
  container: Container;
}

/** The one file that an export of these collections becomes. Several CSV files are always put into a ZIP. */
export function fileForm(request: FormRequest, collectionNames: readonly string[], now: Date): FileForm {
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
    case "workbook":
      return { fileName: `${name}.${format}`, contentType: CONTENT_TYPES[format], container };
  }
}

/** @throws ValidationError for a format that is still to come */
function availableFormat(format: CreateExport["format"]): ExportFormat {
  const known = AVAILABLE_EXPORT_FORMATS.find((each) => each === format);
  if (known) return known;
  throw new ValidationError(
    `Ferry cannot write ${format} files yet. Choose ${AVAILABLE_EXPORT_FORMATS.join(", ")}.`,
    [{ path: "format", message: "not available yet" }],
    "format-not-available-yet",
  );
}

export function containerOf(request: FormRequest, collections: number): Container {
  const { format, compression, categories = [], privacy } = request;
  if (format === "xlsx") return { kind: "workbook", level: compression?.level ?? WORKBOOK_LEVEL };
  const level = compression?.level ?? LEVEL;
  const files = collections + categories.length + (privacyMode(privacy) ? 1 : 0);
  if (format === "csv" && files > 1) return { kind: "zip", level };
  return compression ? { kind: compression.algorithm, level } : { kind: "plain" };
}
