"use client";

import { Anchor, Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ProblemError } from "@/components/api";
import { ExportButton } from "@/components/exports/export-dialog";
import { ProblemAlert } from "@/components/problem-alert";
import { RecordsPanel } from "@/components/records/records-panel";
import { NotFoundPage } from "@/components/shell/not-found-page";
import { PageSkeleton } from "@/components/shell/page-skeleton";
import { PageHeader } from "@/components/ui/page-header";
import { CollectionMenu } from "./collection-menu";
import { collectionQuery } from "./queries";

export function CollectionPage({ id }: { id: string }) {
  const collection = useQuery(collectionQuery(id));
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
  return (
    <>
      <PageHeader
        before={
          <Anchor component={Link} href="/collections" size="sm">
            Collections
          </Anchor>
        }
        title={collection.data.name}
        actions={
          <>
            <Button
              component={Link}
              href={`/import?collection=${id}`}
              leftSection={<IconFileImport size={17} aria-hidden />}
            >
              Import
            </Button>
            <ExportButton collection={collection.data} />
            <CollectionMenu collection={collection.data} />
          </>
        }
      />
      <RecordsPanel collection={collection.data} />
    </>
  );
}
