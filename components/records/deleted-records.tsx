"use client";

import { Button, EmptyState, Group, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArrowBackUp, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { formatAgo, formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { useNow } from "@/components/use-now";
import type { Collection } from "@/lib/contracts/collections";
import type { DeletedRecord } from "@/lib/contracts/deleted-records";
import type { Field } from "@/lib/core/fields/types";
import { putBack } from "./history/queries";
import { deletedQuery } from "./queries";
import classes from "./deleted-records.module.css";
import { valueText } from "./value-text";

/** What was deleted by hand, the last first, each with the way back under its old id. */
export function DeletedRecords({ collection }: { collection: Collection }) {
  const deleted = useInfiniteQuery(deletedQuery(collection.id));
  const now = useNow();
  const items = deleted.data?.pages.flatMap((page) => page.items) ?? [];
  if (deleted.isPending) return <Skeleton height={240} radius="lg" />;
  if (deleted.isError && !deleted.data) {
    return (
      <ProblemAlert
        error={deleted.error}
        title="The deleted records could not be loaded"
        onRetry={() => void deleted.refetch()}
      />
    );
  }
  if (items.length === 0) {
    return (
      <EmptyState
        icon={<IconTrash size={44} stroke={1.3} aria-hidden />}
        title="No deleted records"
        description="Records that you delete are kept here and can be put back. What an import removed comes back when you undo that import."
      />
    );
  }
  return (
    <Stack gap="md" align="stretch">
      <Text size="sm" c="dimmed">
        Deleted one by one. What an import removed comes back when you undo that import.
      </Text>
      <Paper withBorder radius="lg" component="ul" className={classes.list} aria-label="Deleted records">
        {items.map((record) => (
          <DeletedRow key={record.id} record={record} collection={collection} now={now} />
        ))}
      </Paper>
      {deleted.hasNextPage ? (
        <Group>
          <Button
            variant="default"
            loading={deleted.isFetchingNextPage}
            onClick={() => void deleted.fetchNextPage()}
          >
            Show earlier ones
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

interface DeletedRowProps {
  record: DeletedRecord;
  collection: Collection;
  now: number;
}

function DeletedRow({ record, collection, now }: DeletedRowProps) {
  const client = useQueryClient();
  const { title, rest } = wordsOf(record, collection.fields);
  const back = useMutation({
    mutationFn: () => putBack(client, collection.id, { id: record.id, version: record.version - 1 }),
    onSuccess: () => notifications.show({ message: `“${title}” is back.`, autoClose: 4_000 }),
  });
  return (
    <li className={classes.record}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Stack gap={2} className={classes.words}>
          <Text fw={550} className={classes.text}>
            {title}
          </Text>
          {rest === "" ? null : (
            <Text size="sm" lineClamp={3} className={classes.text}>
              {rest}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="tabular">
            Deleted{" "}
            <time dateTime={record.deletedAt}>
              {formatAgo(record.deletedAt, now)} · {formatMoment(record.deletedAt)}
            </time>{" "}
            by {record.by.label}
          </Text>
        </Stack>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
          aria-label={`Put back ${title}`}
          loading={back.isPending}
          onClick={() => back.mutate()}
        >
          Put back
        </Button>
      </Group>
      <ProblemAlert error={back.error} title="The record was not put back" />
    </li>
  );
}

const TITLE_FIELDS = 2;

/** How a person knows the record: its first filled fields, and then the others. */
function wordsOf({ data }: DeletedRecord, fields: readonly Field[]): { title: string; rest: string } {
  const texts = fields.map((field) => valueText(field, data[field.name])).filter((text) => text !== "");
  const title = texts.slice(0, TITLE_FIELDS).join(", ");
  return {
    title: title === "" ? "A record without values" : title,
    rest: texts.slice(TITLE_FIELDS).join(" · "),
  };
}
