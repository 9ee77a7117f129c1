"use client";

/** Stands in for the root layout when that itself fails, so it relies on nothing but the browser. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body style={{ font: "16px/1.5 system-ui, sans-serif", padding: "15vh 1.5rem", textAlign: "center" }}>
        <title>Ferry</title>
        <h1 style={{ fontSize: "1.5rem" }}>This page ran aground</h1>
        <p>Something unexpected happened. Your data are safe; nothing was changed.</p>
        <button type="button" onClick={retry} style={{ font: "inherit", padding: "0.5rem 1rem" }}>
          Try again
        </button>
      </body>
    </html>
  );
}
