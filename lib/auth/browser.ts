import NextAuth, { type NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { systemContext } from "@/lib/composition/context";
import { AppError, TooManyRequestsError } from "@/lib/platform/errors";
import { logger } from "@/lib/platform/logger";
import { signIn } from "@/lib/services/accounts/sign-in";
import { clientAddress } from "./client-address";
import { SESSION_SECONDS, sessionSecret, useSecureCookies } from "./session-cookie";

interface RouteArgs {
  params: Promise<{ nextauth: string[] }>;
}

/**
 * next-auth's routes for the browser, `/api/auth/*`. A refused sign-in keeps next-auth's own answer, whose `url` holds
 * `error=CredentialsSignin` or `error=too-many-requests`; the latter comes with status 429 and Retry-After.
 */
export async function browserAuth(request: Request, args: RouteArgs): Promise<Response> {
  trustHost();
  let throttled: TooManyRequestsError | undefined;
  const options = authOptions(request, (refusal) => (throttled = refusal));
  const response = (await NextAuth(
    request as Parameters<typeof NextAuth>[0],
    args as unknown as Parameters<typeof NextAuth>[1],
    options,
  )) as Response;
  if (!throttled) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(throttled.headers ?? {})) headers.set(name, value);
  return new Response(response.body, { status: 429, headers });
}

/**
 * next-auth builds its addresses from the request's own host, so that it works by any name this server has. Its
 * redirects stay on that host, and a browser does not let a foreign page choose the header.
 */
function trustHost(): void {
  delete process.env.NEXTAUTH_URL;
  process.env.AUTH_TRUST_HOST = "1";
}

function authOptions(
  request: Request,
  onThrottled: (refusal: TooManyRequestsError) => void,
): NextAuthOptions {
  return {
    secret: sessionSecret(),
    useSecureCookies: useSecureCookies(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    logger: {
      error: (code, metadata) => logger.error({ code, metadata }, "next-auth"),
      warn: (code) => logger.debug({ code }, "next-auth"),
      debug: () => undefined,
    },
    providers: [
      CredentialsProvider({
        name: "E-mail and password",
        credentials: {
          email: { label: "E-mail", type: "email" },
          password: { label: "Password", type: "password" },
        },
        authorize: async (credentials) => {
          if (!credentials?.email || !credentials.password) return null;
          const { email, password } = credentials;
          try {
            return await signIn(systemContext(), { email, password, ip: clientAddress(request.headers) });
          } catch (error) {
            if (error instanceof TooManyRequestsError) {
              onThrottled(error);
              throw new Error(error.code);
            }
            if (error instanceof AppError) return null;
            // The message of an error thrown from here ends up in the address bar.
            logger.error({ err: error }, "sign-in failed");
            throw new Error("unavailable");
          }
        },
      }),
    ],
  };
}
