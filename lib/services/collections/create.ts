import type { z } from "zod";
import { collectionsOfTemplate, insertCollection } from "@/db/queries/collections";
import type { Collection, CreateCollection } from "@/lib/contracts/collections";
import type { Field } from "@/lib/core/fields/types";
import { templateById } from "@/lib/core/templates/templates";
import { newId } from "@/lib/platform/ids";
import type { ServiceContext } from "@/lib/services/context";
import { checkFields, completeField } from "./fields";
import { collectionView } from "./view";

/**
 * A new collection from a template or from fields; with neither it has no fields yet (an import makes them).
 * @throws ValidationError when the fields do not fit together
 */
export async function createCollection(
  ctx: ServiceContext,
  input: z.infer<typeof CreateCollection>,
): Promise<Collection> {
  const template = input.template && templateById(input.template);
  const fields = template
    ? await linkedFields(ctx, template.fields)
    : (input.fields ?? []).map(completeField);
  const keyFields = input.keyFields ?? template?.keyFields ?? [];
  await checkFields(ctx, fields, keyFields);
  const row = await insertCollection(ctx.db.orm, {
    id: newId(),
    ownerId: ctx.ownerId,
    name: input.name,
    template: template?.id ?? null,
    fields,
    keyFields,
  });
  return collectionView(row);
}

/**
 * A template's reference fields point to templates; here they get the user's collection of that template, if there is
 * exactly one. With none or several nothing is guessed, and the field points nowhere yet.
 */
async function linkedFields(ctx: ServiceContext, fields: Field[]): Promise<Field[]> {
  const linked: Field[] = [];
  for (const { references, ...field } of fields) {
    if (references === undefined) {
      linked.push(field);
      continue;
    }
    const candidates = await collectionsOfTemplate(ctx.db.orm, ctx.ownerId, references, 2);
    const [only] = candidates.length === 1 ? candidates : [];
    linked.push(only ? { ...field, references: only.id } : field);
  }
  return linked;
}
