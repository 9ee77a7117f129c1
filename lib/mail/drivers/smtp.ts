import { createTransport } from "nodemailer";
import { isAddress, type Sender } from "@/lib/mail/address";
import { MailProblem, type Mailer, type MailProblemKind } from "@/lib/mail/mailer";
import type { SmtpServer } from "@/lib/mail/smtp-url";

/** A server that does not answer holds a mail up for less than a minute. */
const TIMEOUTS = {
  dnsTimeout: 5_000,
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 20_000,
} as const;

/** Sends mail by SMTP, each on a connection of its own. */
export function smtpMailer(server: SmtpServer, from: Sender): Mailer {
  const transport = createTransport({
    ...server,
    ...TIMEOUTS,
    tls: { minVersion: "TLSv1.2" },
    // A mail is what we say it is: no part of it is ever read from a file or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  return {
    async send({ id, to, subject, text, optOutUrl }) {
      // Whatever an account's address holds, it is one address, and the envelope's only one.
      if (!isAddress(to)) throw new MailProblem("refused", "address");
      try {
        await transport.sendMail({
          from,
          to: { name: "", address: to },
          envelope: { from: from.address, to: [to] },
          subject: oneLine(subject),
          text,
          messageId: `<${id}@${domain}>`,
          headers: {
            // Nobody's holiday reply is to come back.
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": `<${new URL(optOutUrl).href}>`,
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
          },
        });
      } catch (error) {
        throw problemOf(error);
      }
    },
  };
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

/** Steps at which a 5xx concerns this mail; earlier ones concern all of them. */
const OF_THIS_MAIL = new Set(["RCPT TO", "DATA"]);

/** What the server said is left behind: it may repeat the address. */
function problemOf(error: unknown): MailProblem {
  const { code, responseCode, command } = error as {
    code?: unknown;
    responseCode?: unknown;
    command?: unknown;
  };
  const reply = typeof responseCode === "number" ? responseCode : undefined;
  const name = typeof code === "string" ? code : "unknown";
  return new MailProblem(kindOf(reply, command), reply === undefined ? name : `${name} ${reply}`);
}

function kindOf(reply: number | undefined, command: unknown): MailProblemKind {
  if (reply === undefined || reply === 421 || !OF_THIS_MAIL.has(String(command))) return "unavailable";
  return reply >= 500 ? "refused" : "deferred";
}
