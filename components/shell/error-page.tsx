"use client";

import { Button } from "@mantine/core";
import { IconLifebuoy } from "@tabler/icons-react";
import { MessagePage } from "./message-page";

/** For faults of a page itself. What went wrong stays in the log; the person gets a way on. */
export function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <MessagePage
      icon={<IconLifebuoy size={44} stroke={1.3} aria-hidden />}
      title="This page ran aground"
      description="Something unexpected happened while it was shown. Your data are safe; nothing was changed."
      actions={<Button onClick={retry}>Try again</Button>}
    />
  );
}
