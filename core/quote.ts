/** Up to here a loop over the characters beats `JSON.stringify`'s fixed cost of about 150 ns. */
const SHORT_LENGTH = 64;
const FIRST_PRINTABLE = 0x20;
const FIRST_SURROGATE = 0xd800;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Attribute names repeat in every record of a table; the bound only keeps a strange table from filling memory. */
const MOST_NAMES = 10_000;
const names = new Map<string, string>();

/** A text as a JSON string: exactly what `JSON.stringify` gives, several times faster for short ones. */
export function quote(text: string): string {
  if (text.length > SHORT_LENGTH) return JSON.stringify(text);
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code < FIRST_PRINTABLE || code >= FIRST_SURROGATE || code === QUOTE || code === BACKSLASH) {
      return JSON.stringify(text);
    }
  }
  return `"${text}"`;
}

/** An attribute's name as it stands before its value, `,"name":`; remembered, because every record has it again. */
export function quoteMember(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const member = `,${JSON.stringify(name)}:`;
  if (names.size < MOST_NAMES) names.set(name, member);
  return member;
}
