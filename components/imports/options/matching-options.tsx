import { Button, Collapse, Group, MultiSelect, Radio, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { EditRuleButton } from "@/components/matching/edit-rule-button";
import type { ImportOptions } from "@/lib/contracts/imports";
import type { ImportView } from "@/lib/contracts/import-view";
import { MATCHING_MODES, type MatchingMode } from "./words";

interface MatchingOptionsProps {
  view: ImportView;
  set: (part: Partial<ImportOptions>) => void;
}

/** How rows are recognised as records that are there already. */
export function MatchingOptions({ view, set }: MatchingOptionsProps) {
  const { matching } = view.options;
  const [explained, explain] = useDisclosure(false);
  const setMatching = (part: Partial<ImportOptions["matching"]>) =>
    set({ matching: { ...matching, ...part } });
  return (
    <Stack gap="sm">
      {view.collectionId === null ? null : (
        <Radio.Group
          label="How rows are recognised as records you have"
          value={matching.mode}
          onChange={(mode: MatchingMode) => setMatching({ mode })}
        >
          <Stack gap="xs" mt="xs">
            {MATCHING_MODES.map(({ value, label, description }) => (
              <Radio key={value} value={value} label={label} description={description} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {matching.mode === "off" ? null : (
        <MultiSelect
          label="Fields that tell records apart"
          description={
            matching.mode === "fuzzy"
              ? "Rows that are equal in all of them are matched first; the others by likeness."
              : "A row and a record are the same one when all of these are equal."
          }
          placeholder={view.keyFields.length === 0 && !matching.criteria ? withoutKey(view) : undefined}
          value={matching.criteria ?? view.keyFields}
          onChange={(names) => setMatching({ criteria: criteriaOf(names, view.keyFields) })}
          data={view.fields.map((field) => ({ value: field.name, label: field.label }))}
          maw={560}
        />
      )}
      <Group gap="xs">
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={explain.toggle}
          aria-expanded={explained}
          aria-controls="matching-explained"
        >
          {explained ? "Hide the explanation" : "Explain"}
        </Button>
        {matching.mode === "fuzzy" && view.collectionId ? (
          <EditRuleButton collectionId={view.collectionId} />
        ) : null}
      </Group>
      <Collapse expanded={explained} id="matching-explained">
        <Explanation />
      </Collapse>
    </Stack>
  );
}

/** What tells records apart when nobody says: a new table gets its key from its rows. */
function withoutKey({ collectionId }: ImportView): string {
  return collectionId === null ? "An identifier, where the rows have one" : "None: only whole rows are equal";
}

/** The collection's own key goes without saying. */
function criteriaOf(names: string[], keyFields: readonly string[]): string[] | undefined {
  const isKey = names.length === keyFields.length && names.every((name) => keyFields.includes(name));
  return isKey || names.length === 0 ? undefined : names;
}

function Explanation() {
  return (
    <Stack gap="xs" maw={640}>
      <Text size="sm">
        <b>Exactly:</b> two trips to Peru on the same days with the same visa are one. If one of the fields
        differs, the row is a new record. Two equal rows against one record: one of them is it, the other is
        new.
      </Text>
      <Text size="sm">
        <b>By likeness:</b> each field adds its weight: in full when the values are equal, half when they are
        close (a date one day off), nothing when they differ. From the rule’s threshold on it is a match, and
        you see why, field by field. Every row gets the record that fits best, never two the same one.
      </Text>
      <Text size="sm">
        <b>Not at all:</b> for rows that are all new by nature, such as entries of a log.
      </Text>
    </Stack>
  );
}
