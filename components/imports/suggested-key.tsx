import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import type { ImportView } from "@/lib/contracts/import-view";
import { useChangeDraft } from "./queries";

/** Asks whether a field is to tell rows and records apart, where nothing does yet. */
export function SuggestedKey({ view, field }: { view: ImportView; field: string }) {
  const change = useChangeDraft(view.id);
  const label = view.fields.find(({ name }) => name === field)?.label ?? field;
  const { matching } = view.options;
  return (
    <Alert
      role="note"
      color="harbour"
      icon={<IconKey size={18} aria-hidden />}
      title={`Tell records apart by “${label}”?`}
    >
      <Stack gap="sm" align="start">
        <Text size="sm">
          Nothing tells the records of this collection apart yet, so a row that has changed would come in once
          more. “{label}” is filled in and different in every record, and in the first rows of the file.
        </Text>
        <Button
          size="xs"
          loading={change.isPending}
          onClick={() => change.mutate({ options: { matching: { ...matching, criteria: [field] } } })}
        >
          Use it
        </Button>
      </Stack>
    </Alert>
  );
}
