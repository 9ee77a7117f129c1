import type { EmergencyKit } from "@/lib/contracts/backup-keys";

/** The file that `age -i` reads, as age-keygen writes it: lines that begin with # are passed over. */
export function keyFile(kit: EmergencyKit): string {
  return kit.keys
    .map(
      (key) =>
        `# created: ${key.createdAt}${key.retiredAt ? `, retired: ${key.retiredAt}` : ""}\n` +
        `# public key: ${key.recipient}\n${key.identity}\n`,
    )
    .join("");
}

interface KitStep {
  title: string;
  text: string;
  command?: string;
}

/** How backups are opened without Ferry, with public tools alone. */
export const KIT_STEPS: readonly KitStep[] = [
  {
    title: "Get age",
    text: "A small free program for Windows, macOS and Linux, from age-encryption.org. Debian and Ubuntu:",
    command: "apt install age",
  },
  {
    title: "Write the key into a file",
    text: "The line that begins with AGE-SECRET-KEY-1, exactly, in a text file named key.txt. Several keys go on several lines. This prints the public key, to compare:",
    command: "age-keygen -y key.txt",
  },
  {
    title: "Open a backup",
    text: "FILE is a backup that you downloaded: ferry-backup-….tar.gz.age.",
    command: "age -d -i key.txt FILE | tar xz",
  },
  {
    title: "Read it",
    text: "collections/ names the collections and their fields; records/ holds the records, one JSON object a line; preferences/, notifications/ and analytics/ hold what you had set, what you were told, and the figures of your collections; manifest.json says what is there, with checksums. Of incremental backups, open the full one first and then those after it in their order: a later line replaces an earlier one of the same id, and deletions/ names what was deleted; of preferences/, notifications/ and analytics/ the newest backup has all.",
  },
  {
    title: "Or restore it in Ferry",
    text: "In any installation: Backups, Restore from a file. It asks for the secret key.",
  },
];

/** The kit as a text that needs no browser; its key lines can be used as key file as they are. */
export function kitText(kit: EmergencyKit): string {
  const steps = KIT_STEPS.map(
    ({ title, text, command }, index) =>
      `# ${index + 1}. ${title}\n${commented(text)}${command ? `#        ${command}\n` : ""}`,
  );
  return [
    "# FERRY EMERGENCY KIT\n",
    `# Account: ${kit.email}\n# Ferry:   ${kit.address}\n# Made:    ${kit.madeAt}\n`,
    commented(
      "Whoever has this can read the backups of this account. Keep it like a passport, and not on the server.",
    ),
    "#\n# HOW TO OPEN A BACKUP WITHOUT FERRY\n#\n",
    steps.join("#\n"),
    "#\n# KEYS (this whole file can be used as key.txt)\n#\n",
    keyFile(kit),
  ].join("");
}

const LINE_CHARS = 96;

function commented(text: string): string {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length >= LINE_CHARS) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `#    ${line}\n`).join("");
}
