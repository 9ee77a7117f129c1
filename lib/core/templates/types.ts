import type { Field } from "@/lib/core/fields/types";

export const TEMPLATE_IDS = ["trips", "study-sets", "cards", "study-cycles"] as const;

export type TemplateId = (typeof TEMPLATE_IDS)[number];

/**
 * A ready-made collection. A reference field's `references` names the template it points to; whoever creates the
 * collection replaces it by that collection's id.
 */
export interface Template {
  id: TemplateId;
  name: string;
  description: string;
  fields: Field[];
  /** Natural key: the fields that strict matching compares. */
  keyFields: string[];
  /** Other headers people give a field, by field name; compared without case, accents, spaces and punctuation. */
  synonyms: Record<string, string[]>;
  /** Headers that are computed from other fields and therefore never imported. */
  computedColumns: string[];
  /** Path of a sample file under the site's root. */
  sampleFile: string;
}
