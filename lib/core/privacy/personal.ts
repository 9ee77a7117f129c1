import type { Field } from "@/lib/core/fields/types";
import { templateById } from "@/lib/core/templates/templates";

/**
 * Whether a field holds personal data: as its owner marked it, else as its collection's template does. A field that was
 * made before there were marks is so treated like a new one.
 */
export function isPersonal(field: Field, templateId: string | null): boolean {
  if (field.personal !== undefined) return field.personal;
  const template = templateId === null ? undefined : templateById(templateId);
  return template?.fields.find((f) => f.name === field.name)?.personal ?? false;
}
