import { Card, Group, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { countOf, formatAgo } from "@/components/format";
import type { Collection } from "@/lib/contracts/collections";
import { TemplateIcon } from "./template-look";
import classes from "./collections.module.css";

const COLUMNS = { base: 1, xs: 2, md: 3 };

/** Collections as cards, each one link. */
export function CollectionGrid({ collections, now }: { collections: readonly Collection[]; now: number }) {
  return (
    <SimpleGrid cols={COLUMNS} spacing="md" component="ul" className={classes.list}>
      {collections.map((collection) => (
        <li key={collection.id}>
          <Card component={Link} href={`/collections/${collection.id}`} className={classes.card} h="100%">
            <Group wrap="nowrap" gap="md" align="flex-start">
              <TemplateIcon template={collection.template} />
              <Stack gap={2} style={{ minWidth: 0 }}>
                <Text fw={600} lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                  {collection.name}
                </Text>
                <Text size="sm" c="dimmed" className="tabular">
                  {countOf(collection.recordCount, "record")}
                </Text>
                <Text size="xs" c="dimmed">
                  Changed {formatAgo(collection.updatedAt, now)}
                </Text>
              </Stack>
            </Group>
          </Card>
        </li>
      ))}
    </SimpleGrid>
  );
}

export function CollectionGridSkeleton() {
  return (
    <SimpleGrid cols={COLUMNS} spacing="md" aria-hidden>
      {[0, 1, 2].map((index) => (
        <Card key={index}>
          <Group wrap="nowrap" gap="md" align="flex-start">
            <Skeleton height={38} width={38} radius="md" />
            <Stack gap={8} flex={1}>
              <Skeleton height={14} width="70%" />
              <Skeleton height={12} width="45%" />
            </Stack>
          </Group>
        </Card>
      ))}
    </SimpleGrid>
  );
}
