import { z } from "zod";

/** The one id of a route such as `/collections/{id}`. */
export const IdParams = z.object({ id: z.uuid() });

/** A moment in ISO 8601, UTC. */
export const Moment = z.iso.datetime();

/** RFC 9457, with a stable `code` and one entry for each wrong place of a body or file. */
export const ProblemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  errors: z
    .array(z.object({ path: z.string(), row: z.number().int().optional(), message: z.string() }))
    .optional(),
});

export type Problem = z.infer<typeof ProblemShape>;

/** `?limit=&cursor=`. The cursor is opaque: only a previous answer's `nextCursor` is one. */
export function pageQuery(limits: { max: number; standard: number }) {
  return {
    limit: z.coerce.number().int().min(1).max(limits.max).default(limits.standard),
    cursor: z.string().min(1).max(20_000).optional(),
  };
}

/** One page of a list. `nextCursor` is null on the last one; `total` is given where it is cheap. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.number().int().optional(),
  });
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}
