import { CARDS, STUDY_CYCLES, STUDY_SETS } from "@/lib/core/templates/study";
import { TRIPS } from "@/lib/core/templates/trips";
import type { Template } from "@/lib/core/templates/types";

/** Every ready-made collection of S2, in the order pages list them. */
export const TEMPLATES: readonly Template[] = [TRIPS, STUDY_SETS, CARDS, STUDY_CYCLES];

/** The template of that id, or undefined: ids also come from stored rows and from URLs. */
export function templateById(id: string): Template | undefined {
  return TEMPLATES.find((template) => template.id === id);
}
