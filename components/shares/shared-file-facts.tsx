"use client";

import { Stack } from "@mantine/core";
import { useState } from "react";
import { formatBytes, formatCount, formatMoment } from "@/components/format";
import type { SharedFile } from "@/lib/contracts/shares";
import { SharedDownloadButton } from "./shared-download-button";
import classes from "./shares.module.css";
import { WithheldNote } from "./withheld-note";
import { formatWords } from "./words";

interface SharedFileFactsProps {
  token: string;
  file: SharedFile;
  password?: string;
}

/** What a link leads to, and the way to it. */
export function SharedFileFacts({ token, file, password }: SharedFileFactsProps) {
  const [begun, setBegun] = useState(0);
  return (
    <Stack gap="lg">
      <dl className={classes.facts}>
        <dt>File</dt>
        <dd>
          <strong>{file.fileName}</strong>
        </dd>
        <dt>Size</dt>
        <dd>{formatBytes(file.size)}</dd>
        <dt>Format</dt>
        <dd>{formatWords(file.format, file.fileName)}</dd>
        <dt>Until</dt>
        <dd>{formatMoment(file.expiresAt)}</dd>
        {file.downloadsLeft === null ? null : (
          <>
            <dt>Downloads left</dt>
            <dd>{formatCount(Math.max(0, file.downloadsLeft - begun))}</dd>
          </>
        )}
      </dl>
      {file.privacy ? <WithheldNote privacy={file.privacy} /> : null}
      <SharedDownloadButton token={token} password={password} onBegun={() => setBegun(begun + 1)} />
    </Stack>
  );
}
