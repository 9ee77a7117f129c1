/** A letter of plain text to one person. */
export interface Mail {
  /** The same however often it is sent, so that mail programs show two copies as one. Letters, digits and hyphens. */
  id: string;
  to: string;
  subject: string;
  text: string;
  /** Where a POST without anything else ends all mail to this person (RFC 8058), and a GET leads to a page that does. */
  optOutUrl: string;
}

/** How mail leaves Ferry. */
export interface Mailer {
  /**
   * Hands a mail over to the server that delivers it, which answers for it from then on.
   * @throws MailProblem
   */
  send(mail: Mail): Promise<void>;
}

/**
 * refused: this mail will never be taken. deferred: this mail is not taken now. unavailable: no mail is, since the server
 * is away or does not accept us.
 */
export type MailProblemKind = "refused" | "deferred" | "unavailable";

/** A mail was not taken. Neither message nor code name an address or a credential: what a server answers may. */
export class MailProblem extends Error {
  constructor(
    readonly kind: MailProblemKind,
    readonly code: string,
  ) {
    super(`the mail was not taken: ${kind}, ${code}`);
    this.name = "MailProblem";
  }
}
