"use client";

import { Button, Group, ScrollArea, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { countOf, formatCount } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import classes from "./imports.module.css";
import { failedRowsQuery } from "./queries";
import type { ImportView } from "./types";

interface FailedRowsProps {
  view: ImportView;
  count: number;
  /** True before the import is applied: they will be left out, and have not been yet. */
  future?: boolean;
}

/** Every row that cannot be stored: which, where, and why; and as a file to mend and import again. */
export function FailedRows({ view, count, future = false }: FailedRowsProps) {
  const rows = useInfiniteQuery(failedRowsQuery(view.id));
  const labels = new Map(view.fields.map((field) => [field.name, field.label]));
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm" component="section" aria-labelledby="failed-title">
      <Group justify="space-between" gap="sm">
        <Stack gap={0}>
          <Title order={2} id="failed-title">
            {future ? `${countOf(count, "row")} cannot be stored` : `${countOf(count, "row")} failed`}
          </Title>
          <Text size="sm" c="dimmed">
            {future ? "They will be left out and kept here." : "They were left out."} Download them with the
            reasons, mend them, and import that file.
          </Text>
        </Stack>
        <Button
          component="a"
          href={`/api/v1/imports/${view.id}/errors.csv`}
          download
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Download as CSV
        </Button>
      </Group>
      {rows.isPending ? <Skeleton height={160} radius="lg" /> : null}
      {rows.isError ? <ProblemAlert error={rows.error} title="The rows could not be loaded" /> : null}
      {items.length > 0 ? (
        <ScrollArea.Autosize
          mah={420}
          className={classes.preview}
          viewportProps={{ tabIndex: 0, role: "group", "aria-label": "Rows that cannot be stored" }}
        >
          <Table verticalSpacing="xs" stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Row</Table.Th>
                <Table.Th>Field</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th>Reason</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.flatMap((row) =>
                row.errors.map((error, index) => (
                  <Table.Tr key={`${row.number} ${index}`}>
                    <Table.Td className="tabular">{formatCount(row.number)}</Table.Td>
                    <Table.Td>{labels.get(error.field) ?? error.field}</Table.Td>
                    <Table.Td>{error.value === "" ? "(empty)" : error.value}</Table.Td>
                    <Table.Td>{error.message}</Table.Td>
                  </Table.Tr>
                )),
              )}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      ) : null}
      {rows.hasNextPage ? (
        <Group>
          <Button
            variant="subtle"
            size="sm"
            loading={rows.isFetchingNextPage}
            onClick={() => void rows.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}
