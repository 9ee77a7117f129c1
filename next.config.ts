import type { NextConfig } from "next";

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
  {
    key: "Content-Security-Policy",
    value: "frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'",
  },
];

/** The address of a share link is its key: it goes to no other site, into no index and no cache. */
const shareHeaders = [
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "X-Robots-Tag", value: "noindex, nofollow, noarchive" },
  { key: "Cache-Control", value: "no-store" },
];

const config: NextConfig = {
  poweredByHeader: false,
  // The root is here, whatever lock files lie above the checkout.
  outputFileTracingRoot: process.cwd(),
  turbopack: { root: process.cwd() },
  // The test command checks the types; whoever only starts Ferry need not wait for that.
  typescript: { ignoreBuildErrors: true },
  // Native code, and packages that find their own files at run time.
  serverExternalPackages: ["@node-rs/argon2", "esbuild", "inngest", "pino", "postgres"],
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
  headers: () =>
    Promise.resolve([
      { source: "/:path*", headers: securityHeaders },
      { source: "/s/:token", headers: shareHeaders },
      { source: "/api/v1/shares/:path*", headers: shareHeaders.slice(0, 2) },
    ]),
};

export default config;
