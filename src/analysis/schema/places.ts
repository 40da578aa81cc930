interface Named {
  readonly name: string;
}

/** Where the items of a long list stand, by name; shared by all lists that grew out of one. */
interface Trunk {
  readonly places: Map<string, number>;
  /** Of the longest of them: only that one grows on, so that each begins with the shorter ones. */
  length: number;
  readonly mark: object;
  /** The trunks that this one comes from, by their marks, the last first, with how many items it has in common with each. */
  readonly before: readonly Ancestor[];
}

interface Ancestor {
  readonly mark: object;
  readonly shared: number;
}

/** A statement changes a list a few times at most before the lists are compared. */
const rememberedAncestors = 4;

const trunks = new WeakMap<readonly Named[], Trunk>();

/** In shorter lists looking is as fast. */
const long = 64;

/** Where the item of this name stands; -1: nowhere. */
export function placeIn(list: readonly Named[], name: string): number {
  if (list.length < long) return list.findIndex((item) => item.name === name);
  const place = (trunks.get(list) ?? plant(list)).places.get(name);
  // The places may be those of a longer list, or of one that grew otherwise.
  if (place === undefined || list[place]?.name === name) return place ?? -1;
  return list.findIndex((item) => item.name === name);
}

function plant(list: readonly Named[]): Trunk {
  const places = new Map<string, number>();
  // The first of a name counts.
  for (let place = list.length - 1; place >= 0; place -= 1) places.set(list[place]?.name ?? "", place);
  const trunk = { places, length: list.length, mark: {}, before: [] };
  trunks.set(list, trunk);
  return trunk;
}

/** The item of this name. */
export function itemNamed<Item extends Named>(list: readonly Item[], name: string): Item | undefined {
  return list[placeIn(list, name)];
}

/** The list with one more item, whose name it did not have. */
export function withNext<Item extends Named>(list: readonly Item[], item: Item): readonly Item[] {
  const longer = [...list, item];
  const trunk = trunks.get(list);
  if (trunk === undefined) return longer;
  trunk.places.set(item.name, list.length);
  if (trunk.length === list.length) trunk.length += 1;
  else return branch(longer, trunk, list.length);
  trunks.set(longer, trunk);
  return longer;
}

/** The list with another item in a place: one of the same name, or of a name that none in the list has. */
export function withPlace<Item extends Named>(
  list: readonly Item[],
  place: number,
  item: Item,
): readonly Item[] {
  const trunk = trunks.get(list);
  const other = list.with(place, item);
  if (trunk === undefined) return other;
  // Other lists, in which something else stands there, look for themselves.
  if (placeIn(list, item.name) === -1) trunk.places.set(item.name, place);
  return branch(other, trunk, place);
}

/** Begins a trunk for a list that has its first `shared` items from another. */
function branch<Item extends Named>(list: readonly Item[], from: Trunk, shared: number): readonly Item[] {
  const before = [{ mark: from.mark, shared: from.length }, ...from.before]
    .slice(0, rememberedAncestors)
    .map((one) => ({ mark: one.mark, shared: Math.min(one.shared, shared) }));
  trunks.set(list, { places: from.places, length: list.length, mark: {}, before });
  return list;
}

/** How many items two lists are known to have in common at their beginning, without a look at them. */
export function sharedStart(list: readonly unknown[], other: readonly unknown[]): number {
  const [one, two] = [trunks.get(list as readonly Named[]), trunks.get(other as readonly Named[])];
  if (one === undefined || two === undefined) return 0;
  const most = Math.min(list.length, other.length);
  if (one === two) return most;
  const known =
    one.before.find(({ mark }) => mark === two.mark) ?? two.before.find(({ mark }) => mark === one.mark);
  return Math.min(most, known?.shared ?? 0);
}
