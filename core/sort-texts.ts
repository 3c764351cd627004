/** Texts by their UTF-16 code units, as `toSorted` orders them; what is in order already, as most sets are, stays itself. */
export function sortTexts(texts: readonly string[]): readonly string[] {
  for (let place = 1; place < texts.length; place += 1) {
    if ((texts[place - 1] ?? "") > (texts[place] ?? "")) return texts.toSorted();
  }
  return texts;
}
