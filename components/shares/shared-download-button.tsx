"use client";

import { Button, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { formatMoment } from "@/components/format";
import { ProblemAlert } from "@/components/problem-alert";
import { useNow } from "@/components/use-now";
import { useBeginDownload } from "./queries";

interface SharedDownloadButtonProps {
  token: string;
  password?: string;
  onBegun: () => void;
}

/**
 * Begins a download, which is what a link counts. As long as the address that it got is good, the button leads there again,
 * so that whoever lost the file on the way does not use the link up.
 */
export function SharedDownloadButton({ token, password, onBegun }: SharedDownloadButtonProps) {
  const begin = useBeginDownload();
  const now = useNow();
  const icon = <IconDownload size={17} aria-hidden />;
  const begun = begin.data && new Date(begin.data.expiresAt).getTime() > now ? begin.data : undefined;
  if (begun) {
    return (
      <Stack gap="xs">
        <Text size="sm" role="status">
          The download has begun. If it breaks off, go on with it until {formatMoment(begun.expiresAt)}: that
          does not count as another.
        </Text>
        <Button
          component="a"
          ref={takeFocus}
          href={begun.downloadUrl}
          variant="default"
          leftSection={icon}
          fullWidth
        >
          Download again
        </Button>
      </Stack>
    );
  }
  return (
    <Stack gap="xs">
      <ProblemAlert error={begin.error} title="The download did not begin" />
      <Button
        // Here after a password was entered: the way on is under the person's fingers.
        autoFocus={password !== undefined}
        loading={begin.isPending}
        leftSection={icon}
        fullWidth
        onClick={() =>
          begin.mutate(
            { token, ...(password !== undefined && { password }) },
            {
              onSuccess: ({ downloadUrl }) => {
                window.location.assign(downloadUrl);
                onBegun();
              },
            },
          )
        }
      >
        Download
      </Button>
    </Stack>
  );
}

/** The link stands where the button was that had the focus. */
function takeFocus(link: HTMLAnchorElement | null): void {
  link?.focus();
}
