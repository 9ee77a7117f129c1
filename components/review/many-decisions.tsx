"use client";

import { Button, Checkbox, Group, NativeSelect, NumberInput, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countOf } from "@/components/format";
import { RESOLUTIONS, type Resolution } from "@/lib/contracts/review";
import { conflictCountQuery } from "./queries";
import { useReviewWords } from "./review-of";
import classes from "./review.module.css";
import { useReview } from "./review-store";
import { useDecide } from "./use-decisions";

interface ManyDecisionsProps {
  importId: string;
  /** What holds for every conflict without a decision of its own; null: each is asked about. */
  rule: Resolution | null;
}

/** Decisions about many at once: one for everything that is not decided singly, and one from a confidence on. */
export function ManyDecisions({ importId, rule }: ManyDecisionsProps) {
  const decide = useDecide();
  const words = useReviewWords();
  return (
    <Stack component="section" gap="sm" aria-labelledby="many-title" className={classes.many}>
      <Title order={3} id="many-title">
        Decide for many
      </Title>
      <div className={classes.manyParts}>
        <Stack gap={4}>
          <NativeSelect
            label={words.rest}
            value={rule ?? "ask"}
            onChange={(event) => {
              const value = resolutionOf(event.currentTarget.value) ?? "ask";
              void decide({ kind: "rule", rule: value }).catch(() => undefined);
            }}
            data={[
              { value: "ask", label: "Ask me about each" },
              ...words.decisions.map(({ value, label }) => ({ value, label })),
            ]}
          />
          <Text size="xs" c="dimmed">
            {rule ? words.meanings[rule] : words.asksEach} What you decide about single {words.one}s comes
            before this.
          </Text>
        </Stack>
        {words.hasRows ? <FromConfidence importId={importId} hasRule={rule !== null} /> : null}
      </div>
    </Stack>
  );
}

/** Under a rule no row is open, so that a decision from a confidence on is an exception for all of them. */
function FromConfidence({ importId, hasRule }: { importId: string; hasRule: boolean }) {
  const decide = useDecide();
  const words = useReviewWords();
  const [percent, setPercent] = useState<number | string>(90);
  const [resolution, setResolution] = useState<Resolution>("overwrite");
  const [againWished, setAgain] = useState(false);
  const again = againWished || hasRule;
  const unsaved = useReview((s) => s.unsaved);
  const minConfidence = Math.min(1, Math.max(0, Number(percent) / 100));
  const [asked] = useDebouncedValue(minConfidence, 250);
  const found = useQuery(
    conflictCountQuery(importId, { minConfidence: asked, state: again ? "all" : "unresolved" }),
  );
  const count = found.isPlaceholderData ? undefined : found.data;
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <NumberInput
          label="Confidence at least"
          value={percent}
          onChange={setPercent}
          min={0}
          max={100}
          step={5}
          suffix=" %"
          allowDecimal={false}
          flex="1 1 8.5rem"
        />
        <NativeSelect
          aria-label="Decision from that confidence on"
          value={resolution}
          onChange={(event) => setResolution(resolutionOf(event.currentTarget.value) ?? "overwrite")}
          data={words.decisions.map(({ value, label }) => ({ value, label }))}
          flex="1 1 9rem"
        />
        <Button
          variant="light"
          disabled={!count || asked !== minConfidence || unsaved > 0}
          onClick={() => {
            const bulk = { where: { minConfidence, unresolvedOnly: !again }, resolution };
            void decide({ kind: "bulk", bulk }).catch(() => undefined);
          }}
        >
          Apply
        </Button>
      </Group>
      <Group gap="sm" justify="space-between">
        <Checkbox
          size="xs"
          label={`Also ${words.one}s that I decided already`}
          checked={again}
          disabled={hasRule}
          onChange={(event) => setAgain(event.currentTarget.checked)}
        />
        <Text size="xs" c="dimmed" role="status" className="tabular">
          {count === undefined ? "…" : `Applies to ${countOf(count, words.one)}`}
        </Text>
      </Group>
    </Stack>
  );
}

function resolutionOf(value: string): Resolution | undefined {
  return RESOLUTIONS.find((resolution) => resolution === value);
}
