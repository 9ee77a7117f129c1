"use client";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryCache, MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { ProblemError } from "./api";
import { cssVariablesResolver, theme } from "./theme";

/** Everything a page needs around it: theme, notifications, and the cache of the server's facts. */
export function Providers({ children }: { children: ReactNode }) {
  const [queryClient] = useState(newQueryClient);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={3} />
        {children}
      </QueryClientProvider>
    </MantineProvider>
  );
}

function newQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: signInWhenSessionEnded }),
    mutationCache: new MutationCache({ onError: signInWhenSessionEnded }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // Faults that pass are tried again; what the server decided (4xx) stays decided.
        retry: (failures, error) =>
          failures < 3 && error instanceof ProblemError && (error.status === 0 || error.status >= 500),
        retryDelay: (attempt) => Math.min(8_000, 500 * 2 ** attempt),
      },
    },
  });
}

function signInWhenSessionEnded(error: unknown): void {
  if (!(error instanceof ProblemError) || error.status !== 401) return;
  const here = window.location.pathname + window.location.search;
  if (here.startsWith("/sign-")) return;
  window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
}
