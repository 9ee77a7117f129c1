import { Anchor, Badge, Button, Text, ThemeIcon } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDatabaseImport,
  IconFileImport,
  IconHistory,
  IconPencil,
  IconPlus,
  IconTrash,
  type Icon,
} from "@tabler/icons-react";
import Link from "next/link";
import { useId } from "react";
import { formatAgo, formatMoment } from "@/components/format";
import type { HistoryItem, HistoryKind } from "@/lib/contracts/record-history";
import type { Field } from "@/lib/core/fields/types";
import { ChangedValues } from "./changed-values";
import classes from "./history.module.css";
import { headlineOf } from "./words";

const ICONS: Record<HistoryKind, Icon> = {
  created: IconPlus,
  edit: IconPencil,
  delete: IconTrash,
  import: IconFileImport,
  restore: IconDatabaseImport,
  undo: IconArrowBackUp,
  redo: IconArrowForwardUp,
  revert: IconHistory,
};

interface HistoryEntryProps {
  item: HistoryItem;
  older: HistoryItem | undefined;
  fields: readonly Field[];
  isNewest: boolean;
  now: number;
  onGoBack: (item: HistoryItem) => void;
}

/** One change: what happened, who or what did it, when, and which values it replaced by which. */
export function HistoryEntry({ item, older, fields, isNewest, now, onGoBack }: HistoryEntryProps) {
  const titleId = useId();
  const Sign = ICONS[item.kind];
  const { text, file } = headlineOf(item, older);
  return (
    <li className={classes.entry} aria-labelledby={titleId}>
      <ThemeIcon
        className={classes.sign}
        size={26}
        radius="xl"
        variant="light"
        color={isNewest ? "harbour" : "gray"}
      >
        <Sign size={15} aria-hidden />
      </ThemeIcon>
      <div className={classes.body}>
        <div className={classes.head}>
          <Text id={titleId} size="sm" fw={600} className={classes.title}>
            {text}
            {file !== undefined && item.by.importId ? (
              <>
                {" "}
                <Anchor component={Link} href={hrefOf(item)} inherit underline="always">
                  {file}
                </Anchor>
              </>
            ) : null}
          </Text>
          {isNewest ? <Badge size="sm">Now</Badge> : null}
        </div>
        <Text size="xs" c="dimmed" className="tabular">
          <time dateTime={item.at}>
            {formatAgo(item.at, now)} · {formatMoment(item.at)}
          </time>
          {item.by.userId ? ` · ${item.by.label}` : null}
        </Text>
        <Changes item={item} fields={fields} />
        {!isNewest && item.data !== null ? (
          <Button
            size="compact-sm"
            variant="subtle"
            className={classes.goBack}
            leftSection={<IconHistory size={15} aria-hidden />}
            aria-describedby={titleId}
            onClick={() => onGoBack(item)}
          >
            Go back to this
          </Button>
        ) : null}
      </div>
    </li>
  );
}

/** Of what made the change; a restore's part has no page of its own. */
function hrefOf({ by }: HistoryItem): string {
  return by.restoreId === undefined ? `/imports/${by.importId}` : `/backups/restores/${by.restoreId}`;
}

function Changes({ item, fields }: { item: HistoryItem; fields: readonly Field[] }) {
  if (item.gap) {
    return (
      <Text size="sm" c="dimmed" mt={4}>
        What this changed is no longer known.
      </Text>
    );
  }
  if (item.data === null) return null;
  if (item.changes.length === 0) {
    return (
      <Text size="sm" c="dimmed" mt={4}>
        No value changed.
      </Text>
    );
  }
  return <ChangedValues changes={item.changes} fields={fields} />;
}
