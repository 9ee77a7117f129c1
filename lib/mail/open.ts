import { defaultSender, parseSender } from "@/lib/mail/address";
import { smtpMailer } from "@/lib/mail/drivers/smtp";
import type { Mailer } from "@/lib/mail/mailer";
import { parseSmtpUrl } from "@/lib/mail/smtp-url";

export interface MailSettings {
  smtpUrl: string | undefined;
  from: string | undefined;
  appUrl: string;
}

/**
 * The mailer of these settings; undefined when none is set up.
 * @throws Error naming the setting that is wrong, never its value: that holds a password
 */
export function openMailer({ smtpUrl, from, appUrl }: MailSettings): Mailer | undefined {
  if (!smtpUrl) return undefined;
  const server = parseSmtpUrl(smtpUrl);
  if (!server) {
    throw new Error("SMTP_URL is not of the form smtp://USER:PASSWORD@HOST:PORT or smtps://…");
  }
  const sender = from ? parseSender(from) : defaultSender(appUrl);
  if (!sender) throw new Error("MAIL_FROM is neither an address nor of the form Name <address>");
  return smtpMailer(server, sender);
}
