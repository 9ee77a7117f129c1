/** Where mail is handed over, and how. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte on (smtps:). */
  secure: boolean;
  /** Nothing is said before the connection is encrypted (STARTTLS). */
  requireTLS: boolean;
  auth?: { user: string; pass: string };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Reads `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…`; undefined when it is no such address. Credentials leave the
 * machine only encrypted: with them, a server elsewhere must offer STARTTLS.
 */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!/^smtps?:$/.test(url.protocol) || url.hostname === "") return undefined;
  if (url.search !== "" || url.hash !== "" || !/^\/?$/.test(url.pathname)) return undefined;
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const [user, pass] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || pass === undefined) return undefined;
  const hasLogin = user !== "";
  return {
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && hasLogin && !LOOPBACK.test(host),
    ...(hasLogin && { auth: { user, pass } }),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
