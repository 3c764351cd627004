/** Maps, and leaves out what comes to undefined: `flatMap` would make a list for every item of a batch. */
export function collect<Item, Picked>(
  items: Iterable<Item>,
  pick: (item: Item, place: number) => Picked | undefined,
): Picked[] {
  const picked: Picked[] = [];
  let place = 0;
  for (const item of items) {
    const value = pick(item, place);
    place += 1;
    if (value !== undefined) picked.push(value);
  }
  return picked;
}
