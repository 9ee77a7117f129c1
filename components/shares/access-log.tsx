"use client";

import { Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { accessesQuery } from "./queries";
import classes from "./shares.module.css";
import { ACCESS_WORDS } from "./words";

/** When a link was used. Who used it, Ferry does not know. */
export function AccessLog({ shareId }: { shareId: string }) {
  const accesses = useQuery(accessesQuery(shareId));
  if (accesses.isPending) return <Skeleton height={24} className={classes.log} />;
  if (!accesses.data) {
    return (
      <ProblemAlert
        error={accesses.error}
        title="The log could not be loaded"
        onRetry={() => void accesses.refetch()}
      />
    );
  }
  const { items, nextCursor } = accesses.data;
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed" className={classes.log}>
        Nobody has used this link yet.
      </Text>
    );
  }
  return (
    <ul className={classes.log} aria-label="Uses of the link">
      {items.map(({ id, kind, at }) => (
        <Group key={id} component="li" justify="space-between" gap="xs">
          <Text size="sm">{ACCESS_WORDS[kind]}</Text>
          <Text size="sm" c="dimmed" className="tabular">
            {formatMoment(at)}
          </Text>
        </Group>
      ))}
      {nextCursor ? (
        <Text size="sm" c="dimmed" component="li">
          Earlier uses are not shown.
        </Text>
      ) : null}
    </ul>
  );
}
