import { signIn } from "next-auth/react";

export type SignInOutcome = { ok: true } | { ok: false; message: string };

/**
 * Signs in with the credentials provider and keeps the session cookie. The server answers one and the same for an
 * unknown address and a wrong password; "throttled:SECONDS" says when the next try is allowed.
 */
export async function signInWithPassword(email: string, password: string): Promise<SignInOutcome> {
  const answer = await signIn("credentials", { redirect: false, email, password }).catch(() => undefined);
  if (answer?.ok && !answer.error) return { ok: true };
  return { ok: false, message: messageFor(answer?.error ?? undefined) };
}

function messageFor(error: string | undefined): string {
  if (error === undefined) return "Ferry cannot be reached. Check the connection and try again.";
  const seconds = /throttled\D*(\d+)?/i.exec(error);
  if (seconds) return throttledMessage(seconds[1] === undefined ? undefined : Number(seconds[1]));
  return "E-mail address and password do not match an account.";
}

function throttledMessage(seconds: number | undefined): string {
  const wait =
    seconds === undefined
      ? "a few minutes"
      : seconds < 90
        ? `${seconds} seconds`
        : `${Math.ceil(seconds / 60)} minutes`;
  return `Too many attempts. Try again in ${wait}.`;
}

/** Only paths of this site: a link must not lead elsewhere after signing in. */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith("/") || next.startsWith("//") || next.startsWith("/\\")) return "/";
  return next;
}
