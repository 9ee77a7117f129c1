"use client";

import { Stack } from "@mantine/core";
import { PageHeader } from "@/components/ui/page-header";
import { StorageSection } from "./storage-section";

export function SettingsPage() {
  return (
    <>
      <PageHeader title="Settings" description="How this installation keeps your files." />
      <Stack gap="xl">
        <StorageSection />
      </Stack>
    </>
  );
}
