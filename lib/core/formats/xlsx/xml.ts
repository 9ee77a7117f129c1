import { INCOMPLETE, LT, SLASH, endOfTag, localName, skipMarkup } from "./markup";
import { decodeXml } from "./text";

/** A start tag ("open", or "empty" when it closes itself) or an end tag; names without namespace prefixes. */
export interface Tag {
  kind: "open" | "empty" | "close";
  name: string;
  attributes: Record<string, string>;
}

const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
/** A tag longer than this is not looked into: matching attributes is not linear for what is made to be slow. */
const TAG_BYTES_MAX = 1 << 16;

/** The tags of a small part (workbook, relationships, styles) in order, as far as the part is well formed. */
export function* tagsOf(part: Uint8Array): Generator<Tag> {
  const end = part.length;
  const bytes = Buffer.allocUnsafe(end + 1);
  bytes.set(part);
  bytes[end] = LT;
  for (let at = 0; ;) {
    while (bytes[at] !== LT) at++;
    if (at + 2 >= end) return;
    const first = bytes[at + 1];
    const markup = first === 0x21 || first === 0x3f;
    const next = markup ? skipMarkup(bytes, at, end) : endOfTag(bytes, at, end);
    if (next === INCOMPLETE) return;
    if (!markup) yield tagAt(bytes, at, next);
    at = next;
  }
}

function tagAt(bytes: Buffer, at: number, next: number): Tag {
  const closing = bytes[at + 1] === SLASH;
  const name = localName(bytes, closing ? at + 2 : at + 1, next);
  const kind = closing ? "close" : bytes[next - 2] === SLASH ? "empty" : "open";
  const attributes: Record<string, string> = {};
  if (!closing && next - at <= TAG_BYTES_MAX) {
    const text = bytes.toString("utf8", at + 1 + name.length, next - 1);
    for (const [, key = "", double, single] of text.matchAll(ATTRIBUTE)) {
      attributes[key.slice(key.indexOf(":") + 1)] = decodeXml(double ?? single ?? "");
    }
  }
  return { kind, name, attributes };
}
