import type { ConflictsFilter, ConflictView, FieldChoice, Resolution } from "@/lib/contracts/review";
import { chosenValues } from "./outcome";

/** A decision about one conflict; null takes it back. */
export interface SpecificDecision {
  conflictId: string;
  resolution: Resolution | null;
  fields?: Record<string, FieldChoice>;
}

/** A decision about every conflict that meets a filter. */
export interface BulkDecision {
  where: Pick<ConflictsFilter, "kind" | "minConfidence" | "maxConfidence" | "field"> & {
    unresolvedOnly: boolean;
  };
  resolution: Resolution | null;
}

/** One thing the person did. Each is sent to the server in the order in which it was done. */
export type Change =
  | { kind: "specific"; decisions: SpecificDecision[] }
  | { kind: "bulk"; bulk: BulkDecision }
  | { kind: "rule"; rule: Resolution | "ask" };

/** The body of `POST …/resolve` that only saves. */
export function saveBody(change: Change) {
  if (change.kind === "specific") return { specificResolutions: change.decisions, apply: false };
  if (change.kind === "bulk") return { bulkResolutions: [change.bulk], apply: false };
  return { globalStrategy: change.rule, apply: false };
}

/** The conflict as it is after a change; the same object when the change does not touch it. */
export function afterChange(conflict: ConflictView, change: Change): ConflictView {
  if (change.kind === "rule") return conflict;
  if (change.kind === "bulk") {
    return meets(conflict, change.bulk.where) ? decided(conflict, change.bulk.resolution) : conflict;
  }
  const decision = change.decisions.findLast((d) => d.conflictId === conflict.id);
  return decision ? decided(conflict, decision.resolution, decision.fields) : conflict;
}

function decided(
  conflict: ConflictView,
  resolution: Resolution | null,
  fields?: Record<string, FieldChoice>,
): ConflictView {
  if (resolution === null) return { ...conflict, resolution: null };
  return { ...conflict, resolution: { resolution, fields: fields ? chosenValues(conflict, fields) : null } };
}

function meets(conflict: ConflictView, where: BulkDecision["where"]): boolean {
  return (
    (where.kind === undefined || conflict.kind === where.kind) &&
    conflict.confidence >= (where.minConfidence ?? 0) &&
    conflict.confidence <= (where.maxConfidence ?? 1) &&
    (where.field === undefined || conflict.clashingFields.includes(where.field)) &&
    !(where.unresolvedOnly && conflict.resolution !== null)
  );
}

/** A decision as it stands, in the form that makes it again. */
export function asDecision(conflict: ConflictView): SpecificDecision {
  const { id, resolution } = conflict;
  if (!resolution) return { conflictId: id, resolution: null };
  const fields = resolution.fields
    ? Object.fromEntries(Object.entries(resolution.fields).map(([name, value]) => [name, { value }]))
    : undefined;
  return { conflictId: id, resolution: resolution.resolution, ...(fields && { fields }) };
}
