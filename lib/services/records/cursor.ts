import { z } from "zod";
import { ValidationError } from "@/lib/platform/errors";

const CursorShape = z.tuple([z.string(), z.string().nullable(), z.uuid()]);

export interface Cursor {
  value: string | null;
  id: string;
}

/** An opaque word for "after this row in this order". */
export function encodeCursor(sort: string, after: Cursor): string {
  return Buffer.from(JSON.stringify([sort, after.value, after.id])).toString("base64url");
}

/** @throws ValidationError `invalid-cursor` when it is damaged or belongs to another order */
export function decodeCursor(sort: string, cursor: string): Cursor {
  const parsed = CursorShape.safeParse(jsonOf(cursor));
  if (!parsed.success || parsed.data[0] !== sort) {
    throw new ValidationError("The cursor does not belong to this list.", undefined, "invalid-cursor");
  }
  return { value: parsed.data[1], id: parsed.data[2] };
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
