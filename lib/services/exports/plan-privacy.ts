import type { Treatment } from "@/db/bulk/export-values";
import type { ExportableCollection } from "@/db/queries/exports";
import type { CreateExport } from "@/lib/contracts/exports";
import type { Field } from "@/lib/core/fields/types";
import {
  handlingOf,
  pseudonymField,
  type PrivacyMode,
  type WithheldField,
} from "@/lib/core/privacy/handling";
import { isPersonal } from "@/lib/core/privacy/personal";

/** A field that is taken along; `treatment` when its values are replaced. */
export interface PlannedField {
  field: Field;
  treatment?: Treatment;
}

export function privacyMode(privacy: CreateExport["privacy"]): PrivacyMode | undefined {
  if (privacy?.excludePersonalData) return "exclude";
  return privacy?.anonymize ? "anonymize" : undefined;
}

/** Sorts the fields of a collection into those that are taken along, perhaps changed, and what is withheld. */
export function planFields(
  collection: ExportableCollection,
  fields: readonly Field[],
  privacy: CreateExport["privacy"],
  pseudonymOf: (text: string) => string,
): { taken: PlannedField[]; withheld: WithheldField[] } {
  const mode = privacyMode(privacy);
  const taken: PlannedField[] = [];
  const withheld: WithheldField[] = [];
  for (const field of fields) {
    if (!mode || !isPersonal(field, collection.template)) {
      taken.push({ field });
      continue;
    }
    const handling = handlingOf(field.type, mode);
    withheld.push({ collection: collection.name, field: field.name, label: field.label, handling });
    if (handling === "pseudonym") {
      const treatment = field.type === "url" ? "pseudonym-url" : "pseudonym";
      taken.push({ field: pseudonymField(field, pseudonymOf), treatment });
    } else if (handling === "year") {
      taken.push({ field, treatment: field.type === "date" ? "year" : "year-moment" });
    }
  }
  return { taken, withheld };
}
