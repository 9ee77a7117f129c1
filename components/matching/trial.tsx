"use client";

import { NativeSelect, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf, formatCount } from "@/components/format";
import { CountGrid } from "@/components/imports/plan-counts";
import { collectionImportsQuery } from "@/components/imports/queries";
import { ProblemAlert } from "@/components/problem-alert";
import type { MatchingTrialView } from "@/lib/contracts/matching";
import type { Field } from "@/lib/core/fields/types";
import type { MatchRule } from "@/lib/core/matching/types";
import classes from "./matching.module.css";
import { trialQuery } from "./queries";
import { TrialPair } from "./trial-pair";

const SETTLE_MS = 400;

interface TrialProps {
  collectionId: string;
  fields: readonly Field[];
  rule: MatchRule;
  /** The import whose rows are tried; one that waits for its review is offered when left out. */
  importId?: string;
}

/** What a rule would find among the rows of a file that has been checked and not imported yet; live, nothing is written. */
export function Trial({ collectionId, fields, rule, importId }: TrialProps) {
  const imports = useInfiniteQuery({
    ...collectionImportsQuery(collectionId),
    enabled: importId === undefined,
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const waiting = (imports.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (view) => view.state === "awaiting_review",
  );
  const tried = importId ?? chosen ?? waiting[0]?.id;
  return (
    <Stack gap="sm" component="section" aria-labelledby="trial-title">
      <Title order={2} id="trial-title">
        Trial on real rows
      </Title>
      {tried === undefined ? (
        <Text size="sm" c="dimmed" maw={640}>
          To see at once what a change does, import a file into this collection up to “Check all rows”, and
          come back before you let it in. Its rows are then tried here.
        </Text>
      ) : (
        <>
          {waiting.length > 1 ? (
            <NativeSelect
              label="With the rows of"
              value={tried}
              onChange={(event) => setChosen(event.currentTarget.value)}
              data={waiting.map((view) => ({ value: view.id, label: view.fileName }))}
              maw={420}
            />
          ) : null}
          <TrialOutcome importId={tried} fields={fields} rule={rule} />
        </>
      )}
    </Stack>
  );
}

function TrialOutcome({
  importId,
  fields,
  rule,
}: {
  importId: string;
  fields: readonly Field[];
  rule: MatchRule;
}) {
  const [settled] = useDebouncedValue(rule, SETTLE_MS);
  const trial = useQuery(trialQuery(importId, settled));
  if (trial.isPending) return <Skeleton height={160} radius="lg" />;
  if (trial.isError) {
    return (
      <ProblemAlert
        error={trial.error}
        title="The rule could not be tried"
        onRetry={() => void trial.refetch()}
      />
    );
  }
  const { data } = trial;
  const byName = new Map(fields.map((field) => [field.name, field]));
  const isStale = trial.isPlaceholderData || settled !== rule;
  return (
    <Stack gap="sm" className={isStale ? classes.stale : undefined} aria-busy={isStale}>
      <Text size="sm" role="status">
        {sentenceOf(data)}
      </Text>
      <CountGrid label="Trial" counts={countsOf(data)} />
      {data.pairs.length > 0 ? (
        <>
          <Title order={3}>Pairs found by likeness, the most doubtful first</Title>
          <ul className={classes.pairs}>
            {data.pairs.map((pair) => (
              <li key={pair.row}>
                <TrialPair pair={pair} fields={byName} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Stack>
  );
}

function sentenceOf({ rows, sampledRows, records }: MatchingTrialView): string {
  const looked =
    sampledRows === rows
      ? `All ${countOf(rows, "row")} of the file were`
      : `${formatCount(sampledRows)} of the file’s ${countOf(rows, "row")}, spread over all of it, were`;
  return `${looked} compared with ${countOf(records, "record")}. Nothing is written.`;
}

function countsOf({ new: fresh, matched, suggested }: MatchingTrialView): [label: string, count: number][] {
  const counts: [label: string, count: number][] = [
    ["New", fresh],
    ["Equal in the key", matched.byKey + matched.byId],
    ["Alike", matched.fuzzy],
    ["Alike: suggest keeping mine", suggested.skip],
    ["Alike: suggest a look", suggested.ask],
    ["Alike: suggest the file’s values", suggested.overwrite],
  ];
  return counts.filter(([label, count]) => count > 0 || label === "New" || label === "Alike");
}
