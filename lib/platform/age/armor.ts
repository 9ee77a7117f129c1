import { AgeError } from "./errors";

const BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----";
const END = "-----END AGE ENCRYPTED FILE-----";
const LINE_CHARS = 64;
/** White space around the text is forgiven, up to this much. */
const MARGIN_CHARS_MAX = 1024;

/**
 * The bytes inside a text that begins "-----BEGIN AGE ENCRYPTED FILE-----". Strict: one spelling for each file, white
 * space around it and CRLF aside.
 * @throws AgeError
 */
export async function* dearmor(text: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let state: "before" | "inside" | "last" | "after" = "before";
  let margin = 0;
  for await (const line of linesOf(text)) {
    if (state === "before") {
      const start = line.text.trimStart();
      margin += line.text.length - start.length + 1;
      if (margin > MARGIN_CHARS_MAX) throw notArmor("it does not begin with its first line");
      if (start === "") continue;
      if (start !== BEGIN || !line.ended) throw notArmor("its first line is wrong");
      state = "inside";
    } else if (state === "after") {
      margin += line.text.length + 1;
      if (line.text.trim() !== "" || margin > MARGIN_CHARS_MAX)
        throw notArmor("something follows its last line");
    } else if (line.text.startsWith(END)) {
      margin = line.text.length - END.length;
      if (line.text.slice(END.length).trim() !== "") throw notArmor("something follows its last line");
      state = "after";
    } else {
      if (state === "last") throw notArmor("a line in its middle is short");
      const bytes = decodeLine(line.text);
      if (line.text.length < LINE_CHARS || bytes.length < (LINE_CHARS / 4) * 3) state = "last";
      yield bytes;
    }
  }
  if (state !== "after") throw notArmor("it has no last line");
}

function decodeLine(text: string): Buffer {
  if (text.length === 0 || text.length > LINE_CHARS) throw notArmor("a line is empty or too long");
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64") !== text) throw notArmor("a line is not canonical base64");
  return bytes;
}

/** Lines without their LF or CRLF; `ended` = there was one. */
async function* linesOf(text: AsyncIterable<Uint8Array>): AsyncGenerator<{ text: string; ended: boolean }> {
  let held = "";
  for await (const bytes of text) {
    const parts = (held + Buffer.from(bytes).toString("latin1")).split("\n");
    held = parts.pop()!;
    for (const part of parts) yield { text: part.endsWith("\r") ? part.slice(0, -1) : part, ended: true };
    if (held.length > LINE_CHARS + MARGIN_CHARS_MAX) throw notArmor("a line is too long");
  }
  if (held !== "") yield { text: held, ended: false };
}

function notArmor(reason: string): AgeError {
  return new AgeError("armor", `This is not an age file in its text form: ${reason}.`);
}
