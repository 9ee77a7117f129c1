import { cookies } from "next/headers";
import { cache } from "react";
import { systemContext } from "@/lib/composition/context";
import { findUser } from "@/lib/services/accounts/find-user";
import { readSession, sessionCookieName } from "./session-cookie";

export interface SessionUser {
  id: string;
  email: string;
  name: string | null;
}

/** The signed-in person, for pages and layouts; null sends them to /sign-in. Looked up once in a request. */
export const currentUser = cache(async (): Promise<SessionUser | null> => {
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const userId = await readSession(cookie);
  const user = userId && (await findUser(systemContext(), userId));
  return user ? { id: user.id, email: user.email, name: user.name } : null;
});
