import { Accordion, List, Text } from "@mantine/core";
import { countOf, formatCount } from "@/components/format";
import type { Job } from "@/lib/contracts/jobs";

/** The newest faults of a job, folded away: numbers first, details on demand. */
export function RecentErrors({ errors }: { errors: Job["recentErrors"] }) {
  if (errors.length === 0) return null;
  return (
    <Accordion variant="separated" chevronPosition="left">
      <Accordion.Item value="errors">
        <Accordion.Control>
          <Text size="sm">{countOf(errors.length, "recent problem")}</Text>
        </Accordion.Control>
        <Accordion.Panel>
          <List size="sm" spacing={4}>
            {errors.map((error, index) => (
              <List.Item key={index}>
                {error.row === undefined ? null : (
                  <b className="tabular">Row {formatCount(error.fileRow ?? error.row)}: </b>
                )}
                {error.message}
              </List.Item>
            ))}
          </List>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
