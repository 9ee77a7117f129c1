"use client";

import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { collectionQuery } from "@/components/collections/queries";
import { PageHeader } from "@/components/ui/page-header";
import { DropArea } from "@/components/uploads/drop-area";
import { UnfinishedUploads } from "@/components/uploads/unfinished-uploads";
import { UploadList } from "@/components/uploads/upload-list";
import { useUploads } from "@/components/uploads/uploads-provider";
import { WizardSteps } from "./wizard-steps";

/** The first step of the wizard: files in. With a single file the next step opens by itself. */
export function ImportPage({ collectionId }: { collectionId?: string }) {
  const { items, addFiles, dismiss } = useUploads();
  const collection = useQuery({
    ...collectionQuery(collectionId ?? ""),
    enabled: collectionId !== undefined,
  });
  const router = useRouter();
  const left = useRef(false);

  const only = items.length === 1 ? items[0] : undefined;
  const ready = only?.state === "ready" ? only : undefined;
  useEffect(() => {
    if (!ready?.importId || left.current) return;
    left.current = true;
    router.push(`/imports/${ready.importId}`);
    dismiss(ready.id);
  }, [ready, router, dismiss]);

  return (
    <>
      <PageHeader
        title={collection.data ? `Import into ${collection.data.name}` : "Import"}
        description="Files are read and checked first. You see what will be stored before anything is written."
      />
      <Stack gap="lg">
        <WizardSteps step="upload" />
        <UnfinishedUploads />
        <DropArea onFiles={(files) => addFiles(files, collectionId ? { collectionId } : {})} />
        <UploadList />
      </Stack>
    </>
  );
}
