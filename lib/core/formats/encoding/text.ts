import type { ByteSource } from "@/lib/core/formats/types";
import { asBuffer, createDecoder } from "./decoder";

/** A piece of decoded text, and the bytes of the file read up to its end. */
export interface TextPiece {
  text: string;
  bytesRead: number;
  /** False when the piece surely holds no NUL character: asked of the bytes, where the answer costs least. */
  mayHoldNul: boolean;
}

/** Strings of this size still live in V8's young generation; larger ones are allocated singly, at twice the cost. */
const PIECE_BYTES = 60 * 1024;

/**
 * The text of a file, piece by piece, without its byte order mark.
 * @throws FileProblem wrong-encoding at bytes that are no text in the encoding
 */
export async function* decodeFile(file: ByteSource, encoding: string): AsyncGenerator<TextPiece> {
  const decoder = createDecoder(encoding);
  let bytesRead = 0;
  let first = true;
  for await (const chunk of file.stream()) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      const bytes = chunk.length <= PIECE_BYTES ? chunk : chunk.subarray(from, from + PIECE_BYTES);
      bytesRead += bytes.length;
      let text = decoder.decode(bytes);
      if (first && text !== "") {
        first = false;
        if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      }
      if (text !== "") yield { text, bytesRead, mayHoldNul: asBuffer(bytes).includes(0) };
    }
  }
  const text = decoder.end();
  if (text !== "") yield { text, bytesRead, mayHoldNul: true };
}
