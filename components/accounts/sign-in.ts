import { getCsrfToken } from "next-auth/react";
import { messageOf, ProblemError } from "@/components/api";

export type SignInOutcome = { ok: true } | { ok: false; message: string };

const UNAVAILABLE = "Signing in does not work at the moment. Try again shortly.";

/**
 * Signs in with the credentials provider and keeps the session cookie. The server answers one and the same for an
 * unknown address and a wrong password. next-auth's own helper hides Retry-After, hence the request by hand.
 */
export async function signInWithPassword(email: string, password: string): Promise<SignInOutcome> {
  try {
    const csrfToken = await getCsrfToken();
    if (csrfToken === undefined) return { ok: false, message: UNAVAILABLE };
    const response = await fetch("/api/auth/callback/credentials", {
      method: "POST",
      body: new URLSearchParams({ email, password, csrfToken, callbackUrl: "/", json: "true" }),
    });
    if (response.status === 429) return { ok: false, message: throttledMessage(response) };
    const { url } = (await response.json()) as { url: string };
    const error = new URL(url, window.location.href).searchParams.get("error");
    if (response.ok && error === null) return { ok: true };
    if (error !== "CredentialsSignin") return { ok: false, message: UNAVAILABLE };
    return { ok: false, message: "E-mail address and password do not match an account." };
  } catch {
    return { ok: false, message: "Ferry cannot be reached. Check the connection and try again." };
  }
}

function throttledMessage(response: Response): string {
  const seconds = Number(response.headers.get("retry-after") ?? "60");
  return messageOf(new ProblemError(429, "too-many-requests", "Too many attempts.", [], seconds));
}

/** Only paths of this site: a link must not lead elsewhere after signing in. */
export function safeNext(next: string | null | undefined): string {
  if (!next?.startsWith("/") || next.startsWith("//") || next.startsWith("/\\")) return "/";
  return next;
}
