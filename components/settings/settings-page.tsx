"use client";

import { Stack } from "@mantine/core";
import { PreferencesSection } from "@/components/notifications/preferences-section";
import { PageHeader } from "@/components/ui/page-header";
import { StorageSection } from "@/components/storage/storage-section";

export function SettingsPage() {
  return (
    <>
      <PageHeader
        title="Settings"
        description="What you are told, and how this installation keeps your files."
      />
      <Stack gap="xl">
        <PreferencesSection />
        <StorageSection />
      </Stack>
    </>
  );
}
