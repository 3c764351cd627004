/** An attribute's name as the texts of a record need it, and what is known of the records it stood in. */
export interface Member {
  readonly name: string;
  /** `"name":` */
  readonly text: string;
  /** `,"name":` in UTF-8. */
  readonly bytes: Uint8Array;
  /** The order of the map seen last that begins with this member. */
  order?: MemberOrder;
  /** The member that stood after this one last time: a guess, right for most records of a table. */
  next?: Member;
  /** The member that the map in this one began with last time. */
  first?: Member;
}

/** Members as a map has them, and how they are to be sorted. */
export interface MemberOrder {
  readonly members: readonly Member[];
  /** Places in `members`, by name; undefined where they are sorted already. */
  readonly sorted: readonly number[] | undefined;
  /** No name is there twice. */
  readonly distinct: boolean;
}

/** Attribute names repeat in every record of a table; the bound only keeps a strange table from filling memory. */
const MOST_MEMBERS = 10_000;
const known = new Map<string, Member>();

/** The member of a name: the same one for as long as there are not too many. */
export function memberOf(name: string): Member {
  const before = known.get(name);
  if (before !== undefined) return before;
  const text = `${JSON.stringify(name)}:`;
  const member: Member = { name, text, bytes: Buffer.from(`,${text}`) };
  if (known.size < MOST_MEMBERS) known.set(name, member);
  return member;
}

/** How the members from `base` to before `end` are sorted. Maps of a table mostly have one order, so that it is worked out once. */
export function orderOf(members: readonly Member[], base: number, end: number): MemberOrder {
  const before = members[base]?.order;
  if (before !== undefined && isSame(before.members, members, base, end)) return before;
  const order = toOrder(members.slice(base, end));
  const [first] = order.members;
  if (first !== undefined) first.order = order;
  return order;
}

function isSame(before: readonly Member[], members: readonly Member[], base: number, end: number): boolean {
  if (before.length !== end - base) return false;
  for (let place = 0; place < before.length; place += 1) {
    if (before[place] !== members[base + place]) return false;
  }
  return true;
}

function toOrder(members: readonly Member[]): MemberOrder {
  const places = members.map(({ name }, place) => ({ name, place }));
  places.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  const distinct = places.every(({ name }, rank) => rank === 0 || name !== places[rank - 1]?.name);
  const isSorted = places.every(({ place }, rank) => place === rank);
  return { members, sorted: isSorted ? undefined : places.map(({ place }) => place), distinct };
}
