/** A cell's text after the repairs that every type shares. */
export interface CleanText {
  text: string;
  /** Characters PostgreSQL refuses were removed or replaced. */
  replaced: boolean;
  trimmed: boolean;
}

/**
 * Removes NUL characters and replaces unpaired surrogates by U+FFFD, both of which PostgreSQL's jsonb refuses, then
 * trims white space at both ends. Everything else stays exactly as it is: letters are not normalised to NFC or NFD,
 * because what people typed comes back out unchanged.
 */
export function cleanText(raw: string): CleanText {
  let text = raw;
  if (text.includes("\u0000")) text = text.replaceAll("\u0000", "");
  if (!isWellFormed(text)) text = replaceLoneSurrogates(text);
  const replaced = text !== raw;
  const trimmed = text.trim();
  return { text: trimmed, replaced, trimmed: trimmed.length !== text.length };
}

/** Text that PostgreSQL accepts inside jsonb, otherwise unchanged. */
export function storableText(raw: string): string {
  const text = raw.includes("\u0000") ? raw.replaceAll("\u0000", "") : raw;
  return isWellFormed(text) ? text : replaceLoneSurrogates(text);
}

const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const LONE_SURROGATES = new RegExp(LONE_SURROGATE.source, "g");

function isWellFormed(text: string): boolean {
  return !SURROGATE.test(text) || !LONE_SURROGATE.test(text);
}

function replaceLoneSurrogates(text: string): string {
  return text.replace(LONE_SURROGATES, "\ufffd");
}
