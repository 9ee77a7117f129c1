import { z } from "zod";
import { FIELD_SEMANTICS, FIELD_TYPES, type Field } from "@/lib/core/fields/types";
import { TEMPLATE_IDS } from "@/lib/core/templates/types";
import { Moment, pageQuery } from "./common";

const FIELDS_MAX = 2_000;
const FIELD_NAME_CHARS_MAX = 63;

/** The key of a field in a record's data: a letter or "_", then letters, digits and "_", of any script. */
const FieldName = z
  .string()
  .min(1)
  .max(FIELD_NAME_CHARS_MAX)
  .regex(
    /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u,
    'A field name begins with a letter or "_", then letters, digits and "_".',
  )
  .refine((name) => name !== "__proto__", "This name is not available.");

const FieldShape = z.strictObject({
  name: FieldName,
  label: z.string().trim().min(1).max(200),
  type: z.enum(FIELD_TYPES),
  required: z.boolean(),
  values: z.array(z.string().trim().min(1).max(200)).max(1_000).optional(),
  references: z.string().optional(),
  semantic: z.enum(FIELD_SEMANTICS).optional(),
  /** Exports can leave out or pseudonymise personal data. */
  personal: z.boolean().optional(),
});

/** A field as it is asked for: `label` is made from the name where it is left out. Typing errors are not swallowed. */
export const FieldInput = FieldShape.extend({
  label: FieldShape.shape.label.optional(),
  required: z.boolean().optional(),
  references: z.uuid().optional(),
});

const CollectionName = z.string().trim().min(1).max(200);

export const CreateCollection = z
  .object({
    name: CollectionName,
    /** "table" has no fields of its own: an import makes them, or `fields` does. */
    template: z.enum([...TEMPLATE_IDS, "table"]).optional(),
    fields: z.array(FieldInput).max(FIELDS_MAX).optional(),
    /** Fields whose equality makes two records the same one; a template brings its own. */
    keyFields: z.array(FieldName).max(20).optional(),
  })
  .refine((body) => !(body.template && body.template !== "table" && body.fields), {
    path: ["fields"],
    message: "Give a template or fields, not both.",
  });

/** `fields`: those to add or to change, by name; the others stay as they are. */
export const UpdateCollection = z.object({
  name: CollectionName.optional(),
  fields: z
    .array(FieldInput.partial().required({ name: true }))
    .max(FIELDS_MAX)
    .optional(),
  keyFields: z.array(FieldName).max(20).optional(),
});

export const CollectionShape = z.object({
  id: z.uuid(),
  name: z.string(),
  template: z.enum(TEMPLATE_IDS).nullable(),
  fields: z.array(FieldShape),
  keyFields: z.array(z.string()),
  recordCount: z.number().int(),
  /** Rises with every change of records or fields. */
  revision: z.number().int(),
  createdAt: Moment,
  updatedAt: Moment,
});

export const ListCollectionsQuery = z.object(pageQuery({ max: 1_000, standard: 100 }));

export type Collection = Omit<z.infer<typeof CollectionShape>, "fields"> & { fields: Field[] };
export type FieldInput = z.infer<typeof FieldInput>;
