"use client";

import { Alert, Anchor, Button, Stack } from "@mantine/core";
import { IconMailOff } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { FrontCard } from "@/components/ui/front-card";
import { api, query } from "@/components/api";
import { ProblemAlert } from "@/components/problem-alert";

/** Ends all mail to the account of a signed link; nobody has to sign in for it. */
export function MailOptOut(link: { account: string; signature: string }) {
  const optOut = useMutation({
    mutationFn: () => api<undefined>(`/api/v1/mail-opt-out${query(link)}`, { method: "POST" }),
  });
  return (
    <FrontCard
      title="No more mail"
      description="Ferry then tells you in the app only, never by mail."
      footer={
        <Anchor component={Link} href="/settings#notifications" inherit underline="always">
          Choose what is mailed instead
        </Anchor>
      }
    >
      <Stack gap="md">
        {optOut.isSuccess ? (
          <Alert role="status" color="harbour" icon={<IconMailOff size={18} aria-hidden />} title="Done">
            Nothing is mailed to you any more.
          </Alert>
        ) : (
          <Button fullWidth loading={optOut.isPending} onClick={() => optOut.mutate()}>
            Stop all mail
          </Button>
        )}
        <ProblemAlert error={optOut.error} title="That did not work" />
      </Stack>
    </FrontCard>
  );
}
