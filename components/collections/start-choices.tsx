"use client";

import { Anchor, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconPlayerPlay } from "@tabler/icons-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { messageOf, ProblemError } from "@/components/api";
import { useUploads } from "@/components/uploads/uploads-provider";
import { TEMPLATES } from "@/lib/core/templates/templates";
import type { Template } from "@/lib/core/templates/types";
import { TemplateIcon } from "./template-look";
import classes from "./collections.module.css";

/** For an account without collections: every template, with a sample to try it on in one click. */
export function StartChoices() {
  return (
    <Stack gap="md">
      <Stack gap={2}>
        <Title order={2}>Start with a template</Title>
        <Text size="sm" c="dimmed">
          Try one with a sample file, begin empty, or drop any file of your own: Ferry makes a table from its
          columns.
        </Text>
      </Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" component="ul" className={classes.list}>
        {TEMPLATES.map((template) => (
          <li key={template.id}>
            <TemplateCard template={template} />
          </li>
        ))}
      </SimpleGrid>
      <Text size="sm">
        <Anchor component={Link} href="/collections/new">
          Or define a table of your own
        </Anchor>
      </Text>
    </Stack>
  );
}

function TemplateCard({ template }: { template: Template }) {
  const { addFiles } = useUploads();
  const router = useRouter();
  const [busy, setBusy] = useState(false);

  async function trySample() {
    setBusy(true);
    try {
      const file = await sampleFile(template);
      addFiles([file], { newCollection: { name: template.name, template: template.id } });
      router.push("/import");
    } catch (error) {
      notifications.show({
        color: "red",
        title: "The sample could not be loaded",
        message: messageOf(error),
      });
      setBusy(false);
    }
  }

  return (
    <Card h="100%" component="section" aria-label={template.name}>
      <Stack gap="md" h="100%" justify="space-between">
        <Group wrap="nowrap" align="flex-start" gap="md">
          <TemplateIcon template={template.id} />
          <Stack gap={2}>
            <Title order={3}>{template.name}</Title>
            <Text size="sm" c="dimmed">
              {template.description}
            </Text>
          </Stack>
        </Group>
        <Group gap="xs">
          <Button
            size="xs"
            variant="light"
            loading={busy}
            onClick={trySample}
            leftSection={<IconPlayerPlay size={15} aria-hidden />}
          >
            Try with sample
          </Button>
          <Button
            size="xs"
            variant="default"
            component={Link}
            href={`/collections/new?template=${template.id}`}
          >
            Begin empty
          </Button>
          <Button
            size="xs"
            variant="subtle"
            component="a"
            href={template.sampleFile}
            download
            leftSection={<IconDownload size={15} aria-hidden />}
          >
            Sample file
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

async function sampleFile(template: Template): Promise<File> {
  const response = await fetch(template.sampleFile);
  if (!response.ok)
    throw new ProblemError(response.status, "sample-missing", "The sample file is not there.");
  const name = template.sampleFile.split("/").at(-1) ?? "sample.csv";
  return new File([await response.blob()], name, { type: "text/csv" });
}
