import { Alert, Stack, Text } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { countOf } from "@/components/format";
import type { SharedFile } from "@/lib/contracts/shares";
import { HANDLING_WORDS } from "@/lib/core/privacy/handling";
import classes from "./shares.module.css";

/** What a file says that it withholds of personal data. */
export function WithheldNote({ privacy }: { privacy: NonNullable<SharedFile["privacy"]> }) {
  const { mode, notice, fields, fieldCount } = privacy;
  const more = fieldCount - fields.length;
  return (
    <Alert color="gray" title={sentence(mode)} icon={<IconShieldLock size={18} aria-hidden />}>
      <Stack gap="xs">
        <Text size="sm">{notice}</Text>
        {fields.length > 0 ? (
          <ul className={classes.withheld} tabIndex={0} aria-label="Withheld fields">
            {fields.map(({ collection, field, label, handling }) => (
              <Text size="sm" component="li" key={`${collection}/${field}`}>
                {collection} / {label}: {HANDLING_WORDS[handling]}
              </Text>
            ))}
            {more > 0 ? (
              <Text size="sm" component="li">
                and {countOf(more, "more field", "more fields")}
              </Text>
            ) : null}
          </ul>
        ) : null}
      </Stack>
    </Alert>
  );
}

function sentence(mode: string): string {
  return mode.charAt(0).toUpperCase() + mode.slice(1);
}
