const AUDIT_VERBS: readonly (string | undefined)[] = ["approve", "run", "help", "--help", "-h", undefined];

/**
 * Brings a command line into the order the parser knows: `--stack` and `--json` may stand anywhere, and
 * `audit TABLE` is short for `audit run TABLE`.
 */
export function arrangeWords(words: readonly string[]): string[] {
  const shared: string[] = [];
  const rest: string[] = [];
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? "";
    if (word === "--json" || word.startsWith("--stack=")) shared.push(word);
    else if (word !== "--stack") rest.push(word);
    else {
      place += 1;
      shared.push(word, ...words.slice(place, place + 1));
    }
  }
  const isBareAudit = rest[0] === "audit" && !AUDIT_VERBS.includes(rest[1]);
  if (rest.length === 0) return shared;
  return isBareAudit ? ["audit", "run", ...rest.slice(1), ...shared] : [...rest, ...shared];
}
