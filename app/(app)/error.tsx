"use client";

import { ErrorPage } from "@/components/shell/error-page";

export default function ErrorBoundary({ retry }: { error: unknown; retry: () => void }) {
  return <ErrorPage retry={retry} />;
}
