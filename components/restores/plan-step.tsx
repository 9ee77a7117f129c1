"use client";

import { Alert, Anchor, Button, Checkbox, Group, List, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconShieldCheck } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import { countOf, formatMoment } from "@/components/format";
import { CountGrid } from "@/components/imports/plan-counts";
import { ProblemAlert } from "@/components/problem-alert";
import type { RestoreCollection, RestoreView } from "@/lib/contracts/restores";
import { CategoryPlan } from "./category-plan";
import { chosenIn } from "./category-words";
import { CollectionPlan } from "./collection-plan";
import { RunBar } from "./run-bar";
import { useReplan } from "./use-replan";
import { STRATEGIES } from "./words";

/** The second step: what a restore would do, collection by collection, with examples; and the way on. */
export function PlanStep({ view }: { view: RestoreView }) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [categories, setCategories] = useState(() => chosenIn(view));
  const replan = useReplan(view);
  const isChoice = (view.categories?.length ?? 0) > 0;
  const asChosen = isChoice ? { categories } : {};
  const differing = view.perCollection.filter(({ status }) => status !== "same");
  const same = view.perCollection.length - differing.length;
  const chosen = view.perCollection.filter(({ backupCollectionId }) => !left.has(backupCollectionId));
  const narrowed = left.size > 0;

  return (
    <Stack gap="xl">
      <Stack gap="sm" component="section" aria-labelledby="plan-title">
        <Title order={2} id="plan-title">
          What would happen
        </Title>
        <Validation view={view} />
        {view.counts ? (
          <CountGrid
            label="What would happen"
            counts={[
              ...(view.counts.conflicts > 0
                ? ([["To decide", view.counts.conflicts]] as [string, number][])
                : []),
              ["Come back", view.counts.add],
              ["Change", view.counts.change],
              ["Are removed", view.counts.delete],
              ["Stay as they are", view.counts.unchanged],
            ]}
          />
        ) : null}
        <Text size="sm">
          <b>{STRATEGIES.find(({ value }) => value === view.globalStrategy)?.label}:</b>{" "}
          {STRATEGIES.find(({ value }) => value === view.globalStrategy)?.description}{" "}
          <ChangeLink view={view} />
        </Text>
        <Removals collections={differing} />
        {view.warnings.length > 0 ? (
          <Alert role="note" color="yellow" title="Worth knowing">
            <List size="sm" spacing={4}>
              {view.warnings.map((warning) => (
                <List.Item key={warning}>{warning}</List.Item>
              ))}
            </List>
          </Alert>
        ) : null}
      </Stack>
      <Stack gap="sm" component="section" aria-labelledby="collections-title">
        <Title order={2} id="collections-title">
          Collections
        </Title>
        {differing.length === 0 ? (
          <Text>Nothing differs: every collection of this backup is still as it was.</Text>
        ) : null}
        {differing.map((collection) => (
          <Group key={collection.backupCollectionId} align="flex-start" wrap="nowrap" gap="sm">
            {differing.length > 1 ? (
              <Checkbox
                mt="md"
                aria-label={`Restore ${collection.name}`}
                checked={!left.has(collection.backupCollectionId)}
                onChange={() => setLeft(toggled(left, collection.backupCollectionId))}
              />
            ) : null}
            <CollectionPlan restoreId={view.id} collection={collection} />
          </Group>
        ))}
        {same > 0 ? (
          <Text size="sm" c="dimmed">
            {countOf(same, "collection")} {same === 1 ? "is" : "are"} as in the backup.
          </Text>
        ) : null}
      </Stack>
      {view.categories ? (
        <CategoryPlan categories={view.categories} chosen={categories} onChange={setCategories} />
      ) : null}
      <ProblemAlert error={replan.error} title="The backup was not looked at again" />
      {narrowed ? (
        <Alert role="note" color="harbour" title={`Only ${countOf(chosen.length, "collection")}`}>
          <Stack gap="sm" align="flex-start">
            <Text size="sm">
              You left some out. The backup is laid beside your records once more, for the others alone.
            </Text>
            <Button
              disabled={chosen.length === 0}
              loading={replan.isPending}
              onClick={() =>
                replan.replan({
                  collections: chosen.map(({ backupCollectionId }) => backupCollectionId),
                  ...asChosen,
                })
              }
            >
              Look again
            </Button>
          </Stack>
        </Alert>
      ) : (
        <RunBar view={view} choice={asChosen} replan={replan} />
      )}
    </Stack>
  );
}

function Validation({ view: { validation, expiresAt } }: { view: RestoreView }) {
  if (!validation) return null;
  if (validation.outcome === "unsound") {
    return (
      <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="The backup is not whole">
        {validation.message}
      </Alert>
    );
  }
  const files = validation.files === 1 ? "It was" : `Its ${validation.files} files were`;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <IconShieldCheck
        size={18}
        color="var(--mantine-color-green-light-color)"
        style={{ flex: "none", marginTop: 2 }}
        aria-hidden
      />
      <Text size="sm" c="dimmed">
        The backup is sound. {files} read whole and compared with the checksums:{" "}
        {countOf(validation.records, "record")}
        {validation.invalidRecords > 0
          ? `, ${countOf(validation.invalidRecords, "of them is", "of them are")} not valid any more and left out`
          : ""}
        . Nothing has been changed yet{expiresAt ? `; this look holds until ${formatMoment(expiresAt)}` : ""}.
      </Text>
    </Group>
  );
}

/** Removals are said in words: a number in a row of numbers is passed over. */
function Removals({ collections }: { collections: readonly RestoreCollection[] }) {
  const removing = collections.filter((collection) => collection.delete > 0);
  if (removing.length === 0) return null;
  const all = removing.reduce((sum, collection) => sum + collection.delete, 0);
  return (
    <Alert
      role="note"
      color="red"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={`${countOf(all, "record")} that you have now will be removed`}
    >
      <Text size="sm">
        {all === 1 ? "It was" : "They were"} added after the backup was made:{" "}
        {removing.map(({ name, delete: count }) => `${count} in ${name}`).join(", ")}. To keep{" "}
        {all === 1 ? "it" : "them"}, choose “Merge” or “Only what is missing”. An undo brings{" "}
        {all === 1 ? "it" : "them"} back.
      </Text>
    </Alert>
  );
}

function ChangeLink({ view }: { view: RestoreView }) {
  const href = view.source.backupId ? `/backups/${view.source.backupId}/restore` : "/backups/restore-file";
  return (
    <Anchor component={Link} href={href} inherit underline="always">
      Change
    </Anchor>
  );
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
