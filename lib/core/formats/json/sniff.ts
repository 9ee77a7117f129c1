/** Whether a file begins like JSON: an object with a quoted key, or a list of JSON values. */
export function looksLikeJson(head: Uint8Array): boolean {
  const text = beginning(head).trimStart();
  return /^\{\s*(?:"|\}|$)/.test(text) || /^\[\s*(?:[{["\]]|-?\d|(?:true|false|null)\s*[,\]]|$)/.test(text);
}

function beginning(head: Uint8Array): string {
  const bytes = head.subarray(0, 4_096);
  const [first, second] = bytes;
  const wide = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  if (wide) return withoutMark(new TextDecoder("utf-16le").decode(bytes));
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) {
    return withoutMark(new TextDecoder("utf-16be").decode(bytes));
  }
  return withoutMark(new TextDecoder().decode(bytes));
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
