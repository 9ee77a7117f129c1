import { corrected, failure, quoted, type CellOutcome } from "@/lib/core/fields/outcome";

const TRUE_WORDS =
  "true t yes y 1 on ja j oui o sí si s x ✓ ✔ ☑ v wahr vrai verdadero đúng có 예 네 참 はい 是 真 ○";
const FALSE_WORDS =
  "false f no n 0 off nein non ✗ ✘ ☐ falsch faux falso sai không 아니오 아니요 거짓 いいえ 否 假 ×";

const WORDS = new Map<string, boolean>([
  ...TRUE_WORDS.split(" ").map((word) => [word, true] as const),
  ...FALSE_WORDS.split(" ").map((word) => [word, false] as const),
]);

/** Reads the cell of a boolean field. `text` is trimmed and not empty. */
export function parseBoolean(text: string): CellOutcome {
  if (text === "true") return { value: true };
  if (text === "false") return { value: false };
  const value = text.length > 16 ? undefined : WORDS.get(text.normalize("NFKC").toLowerCase());
  if (value === undefined) return failure("not-a-boolean", `${quoted(text)} is neither yes nor no.`);
  return corrected(value, "boolean-word", `${quoted(text)} read as ${value}.`);
}
