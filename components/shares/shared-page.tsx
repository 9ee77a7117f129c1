"use client";

import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { messageOf, ProblemError } from "@/components/api";
import { ProblemAlert } from "@/components/problem-alert";
import { FrontCard } from "@/components/ui/front-card";
import type { SharedFile } from "@/lib/contracts/shares";
import { PasswordForm } from "./password-form";
import { openedQuery } from "./queries";
import { SharedFileFacts } from "./shared-file-facts";

interface Unlocked {
  file: SharedFile;
  password?: string;
}

const FOOTER = "Only people who have this link can open this page.";

/** The page of a link: what it leads to, after the password where there is one. */
export function SharedPage({ token }: { token: string }) {
  const opened = useQuery(openedQuery(token));
  const [unlocked, setUnlocked] = useState<Unlocked | null>(null);
  const shown = unlocked ?? (opened.data?.state === "open" ? { file: opened.data.file } : null);
  if (shown) {
    return (
      <FrontCard title="A file for you" description="You can download it without an account." footer={FOOTER}>
        <SharedFileFacts token={token} {...shown} />
      </FrontCard>
    );
  }
  if (opened.data) {
    const description = "This link has a password. Whoever gave it to you knows it.";
    return (
      <FrontCard title="A file for you" description={description} footer={FOOTER}>
        <PasswordForm token={token} onUnlocked={(file, password) => setUnlocked({ file, password })} />
      </FrontCard>
    );
  }
  if (isClosed(opened.error)) {
    return <FrontCard title="This link does not work" description={messageOf(opened.error)} />;
  }
  return (
    <FrontCard title="A file for you" description="Looking up what this link leads to." footer={FOOTER}>
      {opened.isError ? (
        <ProblemAlert error={opened.error} onRetry={() => void opened.refetch()} />
      ) : (
        <Skeleton height={120} radius="md" />
      )}
    </FrontCard>
  );
}

function isClosed(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "link-not-open";
}
