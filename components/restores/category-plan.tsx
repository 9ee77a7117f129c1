"use client";

import { Button, Card, Checkbox, Collapse, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import type { PreferenceDifference, RestorableCategory, RestoreCategory } from "@/lib/contracts/restores";
import { CATEGORY_WORDS, categorySentence, differenceWords } from "./category-words";
import classes from "./restores.module.css";

interface CategoryPlanProps {
  categories: readonly RestoreCategory[];
  chosen: readonly RestorableCategory[];
  onChange: (chosen: RestorableCategory[]) => void;
}

/** What the backup holds besides collections, beside today's, and what of it is to come back. */
export function CategoryPlan({ categories, chosen, onChange }: CategoryPlanProps) {
  return (
    <Stack gap="sm" component="section" aria-labelledby="categories-title">
      <Title order={2} id="categories-title">
        Besides your collections
      </Title>
      {categories.length === 0 ? (
        <Text size="sm" c="dimmed">
          An earlier Ferry made this backup. It holds collections alone; your preferences and notifications
          stay as they are.
        </Text>
      ) : null}
      {categories.map((one) => (
        <Card key={one.category} padding="md" className={classes.category}>
          <Stack gap="sm">
            <Choice category={one} chosen={chosen} onChange={onChange} />
            {one.differences.length > 0 ? <Differences differences={one.differences} /> : null}
          </Stack>
        </Card>
      ))}
    </Stack>
  );
}

interface ChoiceProps extends Omit<CategoryPlanProps, "categories"> {
  category: RestoreCategory;
}

function Choice({ category: one, chosen, onChange }: ChoiceProps) {
  const { category, differing } = one;
  if (category === "analytics") {
    return (
      <Stack gap={2}>
        <Text fw={500} size="sm">
          {CATEGORY_WORDS[category]}
        </Text>
        <Text size="xs" c="dimmed">
          {categorySentence(one)}
        </Text>
      </Stack>
    );
  }
  return (
    <Checkbox
      label={differing > 0 ? `${CATEGORY_WORDS[category]}: take back` : CATEGORY_WORDS[category]}
      description={categorySentence(one)}
      disabled={differing === 0}
      checked={differing > 0 && chosen.includes(category)}
      onChange={(event) =>
        onChange(
          event.currentTarget.checked ? [...chosen, category] : chosen.filter((name) => name !== category),
        )
      }
    />
  );
}

function Differences({ differences }: { differences: readonly PreferenceDifference[] }) {
  const [open, { toggle }] = useDisclosure(false);
  const list = useId();
  return (
    <>
      <Group>
        <Button size="xs" variant="default" aria-expanded={open} aria-controls={list} onClick={toggle}>
          {open ? "Hide what differs" : "Show what differs"}
        </Button>
      </Group>
      <Collapse expanded={open} id={list}>
        <Table className={classes.sample} layout="fixed" verticalSpacing={4} withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Preference</Table.Th>
              <Table.Th>Now</Table.Th>
              <Table.Th>In the backup</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differences.map((one) => {
              const { label, today, backup } = differenceWords(one);
              return (
                <Table.Tr key={`${one.setting} ${one.about}`}>
                  <Table.Th scope="row" fw={500}>
                    {label}
                  </Table.Th>
                  <Table.Td>{today}</Table.Td>
                  <Table.Td>{backup}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Collapse>
    </>
  );
}
