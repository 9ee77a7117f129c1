"use client";

import { Badge, Button, Card, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconGitCompare } from "@tabler/icons-react";
import Link from "next/link";
import { useId } from "react";
import { countOf } from "@/components/format";
import type { RestoreCollection } from "@/lib/contracts/restores";
import { Samples } from "./samples";
import { countsSentence } from "./words";

interface CollectionPlanProps {
  restoreId: string;
  collection: RestoreCollection;
}

/** What would happen to one collection, with examples, and the way to decide record by record. */
export function CollectionPlan({ restoreId, collection }: CollectionPlanProps) {
  const [open, { toggle }] = useDisclosure(collection.conflicts > 0);
  const samples = useId();
  const { importId, differing, conflicts } = collection;
  return (
    <Card
      padding="md"
      component="article"
      aria-label={collection.name}
      style={{ background: "var(--ferry-surface)", flex: 1, minWidth: 0 }}
    >
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Stack gap={2} style={{ minWidth: 0, flex: "1 1 14rem" }}>
            <Group gap="xs">
              <Text fw={600} component="h3" m={0} style={{ overflowWrap: "anywhere" }}>
                {collection.name}
              </Text>
              {collection.status === "missing" ? (
                <Badge color="harbour">Was deleted, comes back</Badge>
              ) : null}
              {conflicts > 0 ? <Badge color="yellow">{countOf(conflicts, "record")} to decide</Badge> : null}
            </Group>
            <Text size="sm" c="dimmed" className="tabular">
              {countsSentence(collection)}
              {collection.fieldsAdded.length > 0
                ? ` · fields that come back: ${collection.fieldsAdded.join(", ")}`
                : ""}
              {collection.invalid > 0
                ? ` · ${countOf(collection.invalid, "record")} not valid any more, left out`
                : ""}
            </Text>
          </Stack>
          <Group gap="xs">
            {collection.samples.length > 0 ? (
              <Button
                size="xs"
                variant="default"
                aria-expanded={open}
                aria-controls={samples}
                onClick={toggle}
              >
                {open ? "Hide examples" : "Show examples"}
              </Button>
            ) : null}
            {importId && differing > 0 ? (
              <Button
                component={Link}
                href={`/backups/restores/${restoreId}/review/${importId}`}
                size="xs"
                variant={conflicts > 0 ? "filled" : "default"}
                leftSection={<IconGitCompare size={16} aria-hidden />}
                aria-label={`Decide one by one in ${collection.name}`}
              >
                Decide one by one
              </Button>
            ) : null}
          </Group>
        </Group>
        <Collapse expanded={open} id={samples}>
          <Samples collection={collection} />
        </Collapse>
      </Stack>
    </Card>
  );
}
