import { z } from "zod";

/** The one id of a route such as `/collections/{id}`. */
export const IdParams = z.object({ id: z.uuid() });

/** A moment in ISO 8601, UTC. */
export const Moment = z.iso.datetime();

/** `?limit=&cursor=`. The cursor is opaque: only a previous answer's `nextCursor` is one. */
export function pageQuery(limits: { max: number; standard: number }) {
  return {
    limit: z.coerce.number().int().min(1).max(limits.max).default(limits.standard),
    cursor: z.string().min(1).max(20_000).optional(),
  };
}

/** One page of a list. `nextCursor` is null on the last one; `total` is given where it is cheap. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  total?: number;
}
