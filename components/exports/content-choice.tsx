"use client";

import { Checkbox, MultiSelect, Radio, Stack } from "@mantine/core";
import { countOf } from "@/components/format";
import type { Collection } from "@/lib/contracts/collections";
import { EXPORT_CATEGORIES, type ExportCategory } from "@/lib/contracts/exports";
import type { ExportDraft } from "./draft";

interface ChoiceProps {
  draft: ExportDraft;
  onChange: (part: Partial<ExportDraft>) => void;
}

/** All collections, or some of them. */
export function CollectionChoice({
  draft,
  collections,
  onChange,
}: ChoiceProps & { collections: readonly Collection[] }) {
  const some = draft.collections !== "all";
  return (
    <Stack gap="xs">
      <Radio.Group
        label="Collections"
        value={some ? "some" : "all"}
        onChange={(value) => onChange({ collections: value === "all" ? "all" : [], fields: null })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={`All (${collections.length})`} />
          <Radio value="some" label="Only some" />
        </Stack>
      </Radio.Group>
      {draft.collections === "all" ? null : (
        <MultiSelect
          aria-label="Collections to export"
          placeholder={draft.collections.length === 0 ? "Choose collections" : undefined}
          data={collections.map(({ id, name, recordCount }) => ({
            value: id,
            label: `${name} (${countOf(recordCount, "record")})`,
          }))}
          value={draft.collections}
          onChange={(ids) => onChange({ collections: ids, fields: null })}
          searchable
          clearable
        />
      )}
    </Stack>
  );
}

const CATEGORIES: Record<ExportCategory, { label: string; description: string }> = {
  preferences: { label: "Preferences", description: "Name, e-mail address, matching rules that you set." },
  notifications: { label: "Notifications", description: "What Ferry did for you, when, and how it ended." },
  analytics: { label: "Analytics", description: "Figures of each collection." },
};

/** What the account holds besides collections. */
export function CategoryChoice({ draft, onChange }: ChoiceProps) {
  return (
    <Checkbox.Group
      aria-label="About your account"
      value={draft.categories}
      onChange={(chosen) =>
        onChange({ categories: EXPORT_CATEGORIES.filter((category) => chosen.includes(category)) })
      }
    >
      <Stack gap="xs">
        {EXPORT_CATEGORIES.map((category) => (
          <Checkbox key={category} value={category} {...CATEGORIES[category]} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
