const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A JSON object each of whose named members passes its test; others are allowed. */
export function isRecordOf(
  value: unknown,
  members: Record<string, (value: unknown) => boolean>,
): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const object = value as Record<string, unknown>;
  return Object.entries(members).every(([name, test]) => test(object[name]));
}

export const isText = (value: unknown): value is string => typeof value === "string";
/** In lower case, as PostgreSQL writes them: texts then sort as the ids do. */
export const isUuidText = (value: unknown): value is string => typeof value === "string" && UUID.test(value);
export const isWhole = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
