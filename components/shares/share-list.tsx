"use client";

import { Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ProblemAlert } from "@/components/problem-alert";
import { useNow } from "@/components/use-now";
import { sharesQuery } from "./queries";
import { ShareItem } from "./share-item";
import classes from "./shares.module.css";

/** The links of an export, newest first, those that ended included. */
export function ShareList({ exportId }: { exportId: string }) {
  const shares = useQuery(sharesQuery(exportId));
  const now = useNow();
  return (
    <Stack gap="xs" component="section" aria-labelledby="share-links">
      <Title order={2} size="h3" id="share-links">
        Links
      </Title>
      {shares.isPending ? <Skeleton height={64} radius="lg" /> : null}
      {shares.isError && !shares.data ? (
        <ProblemAlert
          error={shares.error}
          title="The links could not be loaded"
          onRetry={() => void shares.refetch()}
        />
      ) : null}
      {shares.data?.items.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet. Links that you make are listed here, with how often they were used.
        </Text>
      ) : null}
      {shares.data && shares.data.items.length > 0 ? (
        <Paper withBorder radius="lg" component="ul" className={classes.list} aria-labelledby="share-links">
          {shares.data.items.map((share) => (
            <ShareItem key={share.id} share={share} now={now} />
          ))}
        </Paper>
      ) : null}
      {shares.data?.nextCursor ? (
        <Text size="sm" c="dimmed">
          Earlier links are not shown.
        </Text>
      ) : null}
    </Stack>
  );
}
