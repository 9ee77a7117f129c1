"use client";

import { Kbd, Modal, Stack, Switch, Table, Text } from "@mantine/core";
import { useReviewWords } from "./review-of";
import { useReview, useReviewStore } from "./review-store";
import { useLettersOn } from "./use-review-keys";

type KeyLine = readonly [keys: readonly string[], what: string];

const MOVING: readonly KeyLine[] = [
  [["J", "↓"], "Next conflict"],
  [["K", "↑"], "Previous conflict"],
  [["N"], "Next one that is open"],
];

const FURTHER: readonly KeyLine[] = [
  [["U"], "Take the decision back"],
  [["X"], "Select, or no longer"],
  [["Shift X"], "Select all up to here"],
  [["Space"], "Details: evidence, and the fields that are the same"],
  [["Esc"], "Close the merge form"],
  [["?"], "This help"],
];

/** The keys of the review, and the switch that turns the letters off. */
export function ReviewHelp() {
  const store = useReviewStore();
  const opened = useReview((s) => s.helpOpen);
  const [lettersOn, setLettersOn] = useLettersOn();
  const { decisions, keyMeanings } = useReviewWords();
  const deciding = decisions.map(({ key, value }): KeyLine => [[key.toUpperCase()], keyMeanings[value]]);
  return (
    <Modal
      opened={opened}
      onClose={() => store.getState().set({ helpOpen: false })}
      title="Keys of the review"
    >
      <Stack gap="md">
        <Table aria-label="Keys" verticalSpacing={5}>
          <Table.Tbody>
            {[...MOVING, ...deciding, ...FURTHER].map(([keys, what]) => (
              <Table.Tr key={what}>
                <Table.Th scope="row" w="9rem" fw={400}>
                  {keys.map((key, index) => (
                    <span key={key}>
                      {index > 0 ? " or " : null}
                      <Kbd>{key}</Kbd>
                    </span>
                  ))}
                </Table.Th>
                <Table.Td>{what}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Switch
          label="Letters are shortcuts"
          checked={lettersOn}
          onChange={(event) => setLettersOn(event.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed">
          Every key has a button as well. Arrow keys and Space always work on a conflict that has the focus.
        </Text>
      </Stack>
    </Modal>
  );
}
