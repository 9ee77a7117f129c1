"use client";

import { Alert, Radio, Stack, Text } from "@mantine/core";
import type { Collection } from "@/lib/contracts/collections";
import { isPersonal } from "@/lib/core/privacy/personal";
import type { ExportDraft } from "./draft";
import { PersonalFields } from "./personal-fields";

interface PrivacyChoiceProps {
  draft: ExportDraft;
  collections: readonly Collection[];
  onChange: (part: Partial<ExportDraft>) => void;
}

const CHOICES: readonly { value: ExportDraft["privacy"]; label: string; description: string }[] = [
  {
    value: "none",
    label: "Include it",
    description: "The file is for yourself, or for somebody who may see it.",
  },
  { value: "exclude", label: "Leave it out", description: "Fields marked as personal are not in the file." },
  {
    value: "anonymize",
    label: "Replace it by pseudonyms",
    description:
      "The same text always becomes the same made-up one, so that records still fit together. Of dates the year is kept; numbers are left out.",
  },
];

/** What becomes of personal data, and which fields hold it. */
export function PrivacyChoice({ draft, collections, onChange }: PrivacyChoiceProps) {
  const withMarks = collections.filter((c) => c.fields.some((field) => isPersonal(field, c.template)));
  const [only] = collections.length === 1 ? collections : [];
  return (
    <Stack gap="md">
      <Radio.Group
        aria-label="Personal data"
        value={draft.privacy}
        onChange={(value) => onChange({ privacy: CHOICES.find((c) => c.value === value)?.value ?? "none" })}
      >
        <Stack gap="xs">
          {CHOICES.map((choice) => (
            <Radio key={choice.value} {...choice} />
          ))}
        </Stack>
      </Radio.Group>
      {only ? <PersonalFields collection={only} /> : <MarkedList collections={withMarks} />}
      {draft.privacy !== "none" && withMarks.length === 0 && collections.length > 0 ? (
        <Alert color="yellow">
          No field is marked as personal, so nothing would be withheld from the records.
        </Alert>
      ) : null}
      {draft.privacy !== "none" ? (
        <Text size="sm" c="dimmed">
          The file says what was withheld and how. Text in fields that are not marked stays as it is.
        </Text>
      ) : null}
    </Stack>
  );
}

function MarkedList({ collections }: { collections: readonly Collection[] }) {
  if (collections.length === 0) return null;
  const shown = collections.slice(0, 8).map((c) => {
    const labels = c.fields.filter((field) => isPersonal(field, c.template)).map(({ label }) => label);
    return `${c.name}: ${labels.join(", ")}`;
  });
  return (
    <Text size="sm">
      Marked as personal: {shown.join(" · ")}
      {collections.length > shown.length ? " · and others" : ""}. Each collection’s menu changes its marks.
    </Text>
  );
}
