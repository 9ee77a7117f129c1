"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconClockOff, IconX } from "@tabler/icons-react";
import Link from "next/link";
import { ProblemAlert } from "@/components/problem-alert";
import type { RestoreState, RestoreView } from "@/lib/contracts/restores";
import { chosenIn } from "./category-words";
import { useReplan } from "./use-replan";

const WORDS: Partial<Record<RestoreState, { title: string; text: string; color: string }>> = {
  failed: {
    title: "The restore did not happen",
    text: "Your records are exactly as they were before.",
    color: "red",
  },
  rolled_back: {
    title: "The restore was taken back",
    text: "It could not be finished, so what it had done was taken back. Your records are exactly as they were before.",
    color: "yellow",
  },
  cancelled: {
    title: "Cancelled",
    text: "Your records are as they were before.",
    color: "gray",
  },
  expired: {
    title: "This look is too old",
    text: "What was counted is kept for some days only. Nothing was restored.",
    color: "gray",
  },
};

/** It ended without a result: why, and the ways on. */
export function EndedStep({ view }: { view: RestoreView }) {
  const { replan, isPending, error } = useReplan(view);
  const words = WORDS[view.state] ?? WORDS.failed;
  const Icon =
    view.state === "expired" ? IconClockOff : view.state === "cancelled" ? IconX : IconAlertTriangle;
  const stale = view.failure?.code === "plan-stale";
  return (
    <Stack gap="lg">
      <Alert
        color={stale ? "yellow" : words?.color}
        icon={<Icon size={18} aria-hidden />}
        title={stale ? "Your data changed since" : words?.title}
        role="status"
      >
        <Stack gap={4}>
          {view.failure ? <Text size="sm">{view.failure.message}</Text> : null}
          <Text size="sm">{words?.text}</Text>
        </Stack>
      </Alert>
      <ProblemAlert error={error} title="The backup was not looked at again" />
      <Group gap="sm">
        <Button
          loading={isPending}
          onClick={() => replan(view.categories?.length ? { categories: chosenIn(view) } : {})}
        >
          Look again
        </Button>
        <Button component={Link} href="/backups" variant="default">
          To the backups
        </Button>
      </Group>
    </Stack>
  );
}
