import { corrected, failure, quoted, type CellOutcome } from "@/lib/core/fields/outcome";

const SAFE_SCHEMES = new Set(["http:", "https:", "ftp:", "mailto:", "tel:"]);
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.)+\p{L}{2,63}(?::\d{1,5})?(?:[/?#]|$)/u;

/** Longest address kept: what browsers accept. */
const URL_CHARS_MAX = 8192;

/**
 * Reads the cell of a url field. The address stays as written; only a missing scheme is added. Schemes that run code or
 * read local files when clicked are refused. `text` is trimmed and not empty.
 */
export function parseUrl(text: string): CellOutcome {
  if (text.length > URL_CHARS_MAX || /\s/.test(text)) return notUrl(text);
  // "example.com:8080" looks like a scheme, so domains are tried first.
  if (DOMAIN.test(text)) {
    const url = `https://${text}`;
    return URL.canParse(url)
      ? corrected(url, "url-scheme", `${quoted(text)} read as ${quoted(url)}.`)
      : notUrl(text);
  }
  const scheme = SCHEME.exec(text)?.[0].toLowerCase();
  if (scheme === undefined) return notUrl(text);
  if (!SAFE_SCHEMES.has(scheme))
    return failure("unsafe-url", `Addresses that begin with ${quoted(scheme)} are not kept.`);
  return URL.canParse(text) && text.length > scheme.length ? { value: text } : notUrl(text);
}

function notUrl(text: string): CellOutcome {
  return failure("not-a-url", `${quoted(text)} is not a web address.`);
}
