"use client";

import { Button } from "@mantine/core";
import { IconFileImport, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ProblemAlert } from "@/components/problem-alert";
import { PageHeader } from "@/components/ui/page-header";
import { useNow } from "@/components/use-now";
import { CollectionGrid, CollectionGridSkeleton } from "./collection-grid";
import { collectionsQuery } from "./queries";
import { StartChoices } from "./start-choices";

export function CollectionsPage() {
  const collections = useQuery(collectionsQuery);
  const now = useNow();
  return (
    <>
      <PageHeader
        title="Collections"
        description="Each collection is a table of records with typed fields."
        actions={
          <>
            <Button
              component={Link}
              href="/import"
              variant="default"
              leftSection={<IconFileImport size={17} aria-hidden />}
            >
              Import a file
            </Button>
            <Button component={Link} href="/collections/new" leftSection={<IconPlus size={17} aria-hidden />}>
              New collection
            </Button>
          </>
        }
      />
      {collections.isPending ? <CollectionGridSkeleton /> : null}
      {collections.isError ? (
        <ProblemAlert
          error={collections.error}
          title="The collections could not be loaded"
          onRetry={() => void collections.refetch()}
        />
      ) : null}
      {collections.data ? (
        collections.data.length === 0 ? (
          <StartChoices />
        ) : (
          <CollectionGrid collections={collections.data} now={now} />
        )
      ) : null}
    </>
  );
}
