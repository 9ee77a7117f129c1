"use client";

import { Anchor, Button, Stack, Tabs, Title } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { ProblemError } from "@/components/api";
import { ExportButton } from "@/components/exports/export-dialog";
import { KeyForm } from "@/components/matching/key-form";
import { MatchingEditor } from "@/components/matching/matching-editor";
import { ProblemAlert } from "@/components/problem-alert";
import { DeletedRecords } from "@/components/records/deleted-records";
import { RecordsPanel } from "@/components/records/records-panel";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PageSkeleton } from "@/components/shell/page-skeleton";
import { PageHeader } from "@/components/ui/page-header";
import type { Collection } from "@/lib/contracts/collections";
import { CollectionMenu } from "./collection-menu";
import classes from "./collections.module.css";
import { ImportList } from "./import-list";
import { collectionQuery } from "./queries";

type CollectionTab = "records" | "imports" | "matching" | "deleted";

const TABS: readonly { value: CollectionTab; label: string }[] = [
  { value: "records", label: "Records" },
  { value: "imports", label: "Imports" },
  { value: "matching", label: "Matching" },
  { value: "deleted", label: "Deleted" },
];

interface CollectionPageProps {
  id: string;
  /** Each tab is a page of its own: it can be linked to, and "back" leads to the one before. */
  tab?: CollectionTab;
}

export function CollectionPage({ id, tab = "records" }: CollectionPageProps) {
  const collection = useQuery(collectionQuery(id));
  const router = useRouter();
  if (collection.isPending) return <PageSkeleton />;
  if (collection.isError && !collection.data) {
    if (collection.error instanceof ProblemError && collection.error.status === 404) return <NotFoundPage />;
    return (
      <ProblemAlert
        error={collection.error}
        title="The collection could not be loaded"
        onRetry={() => void collection.refetch()}
      />
    );
  }
  const open = (value: string | null) =>
    router.push(value === null || value === "records" ? `/collections/${id}` : `/collections/${id}/${value}`);
  return (
    <>
      <CollectionHeader collection={collection.data} />
      <Tabs value={tab} onChange={open} activateTabWithKeyboard={false} keepMounted={false}>
        <Tabs.List mb="md" className={classes.tabs}>
          {TABS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="records">
          <RecordsPanel collection={collection.data} />
        </Tabs.Panel>
        <Tabs.Panel value="imports">
          <ImportList collectionId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="matching">
          <Stack gap="xl">
            <KeyForm collection={collection.data} />
            <Stack gap="md">
              <Title order={2} size="h4">
                Likeness
              </Title>
              <MatchingEditor collection={collection.data} />
            </Stack>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="deleted">
          <DeletedRecords collection={collection.data} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function CollectionHeader({ collection }: { collection: Collection }) {
  return (
    <PageHeader
      before={
        <Anchor component={Link} href="/collections" size="sm">
          Collections
        </Anchor>
      }
      title={collection.name}
      actions={
        <>
          <Button
            component={Link}
            href={`/import?collection=${collection.id}`}
            leftSection={<IconFileImport size={17} aria-hidden />}
          >
            Import
          </Button>
          <ExportButton collection={collection} />
          <CollectionMenu collection={collection} />
        </>
      }
    />
  );
}
