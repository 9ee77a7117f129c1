import { MailOptOutQuery } from "@/lib/contracts/notifications";
import { publicRoute } from "@/lib/http/route";
import { env } from "@/lib/platform/env";
import { optOutOfMail } from "@/lib/services/notifications/opt-out";

/** One click in a mail program (RFC 8058), or the button of the page. The signature in the address is the permission. */
export const POST = publicRoute({ query: MailOptOutQuery }, ({ ctx, query }) =>
  optOutOfMail(ctx, query).then(() => null),
);

/** Only shows the page: programs that look for viruses follow every link of a mail. */
export const GET = publicRoute({ query: MailOptOutQuery }, ({ query }) =>
  Response.redirect(new URL(`/mail-opt-out?${new URLSearchParams(query)}`, env().APP_URL), 303),
);
