/** Who a mail is from. */
export interface Sender {
  name: string;
  address: string;
}

// Narrower than the standard: no quotes, comments, lists or line ends, so that it can be nothing but one address.
const ADDRESS =
  /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@(?:[^\s@<>()[\]\\,;:"\p{Cc}]{1,255}|\[[0-9a-fA-F.:]{2,60}\])$/u;
const NAMED = /^\s*(?:"?([^"<>\p{Cc}]*?)"?\s*)<([^<>]+)>\s*$/u;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** "Name <address>" or an address alone; undefined when it is neither. */
export function parseSender(text: string): Sender | undefined {
  const named = NAMED.exec(text);
  const sender = named
    ? { name: (named[1] ?? "").trim(), address: (named[2] ?? "").trim() }
    : { name: "", address: text.trim() };
  return isAddress(sender.address) ? sender : undefined;
}

/** Who mails are from unless somebody says otherwise: Ferry, at the host that its pages have. */
export function defaultSender(appUrl: string): Sender {
  const { hostname } = new URL(appUrl);
  const isLiteral = /^[\d.]+$/.test(hostname);
  return { name: "Ferry", address: `ferry@${isLiteral ? `[${hostname}]` : hostname}` };
}
