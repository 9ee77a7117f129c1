const KEY = /^[a-z0-9._-]+(\/[a-z0-9._-]+)*$/;
const KEY_CHARS_MAX = 512;

/** The key itself when it is one that every driver can hold; anything else is a mistake of ours, never of a user. */
export function checkKey(key: string): string {
  const segments = key.split("/");
  if (!KEY.test(key) || key.length > KEY_CHARS_MAX || segments.includes(".") || segments.includes("..")) {
    throw new Error(`"${key}" is not a storage key`);
  }
  return key;
}
