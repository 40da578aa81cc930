interface Named {
  readonly name: string;
}

/** Where the items of a long list stand, by name; shared by all lists that grew out of one. */
interface Trunk {
  readonly places: Map<string, number>;
  /** Of the longest of them: only that one grows on, so that each begins with the shorter ones. */
  length: number;
}

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
  const trunk = { places, length: list.length };
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
  else return keep(longer, trunk.places);
  trunks.set(longer, trunk);
  return longer;
}

/** The list with another item of the same name in its place. */
export function withPlace<Item extends Named>(
  list: readonly Item[],
  place: number,
  item: Item,
): readonly Item[] {
  const trunk = trunks.get(list);
  const other = list.with(place, item);
  return trunk === undefined ? other : keep(other, trunk.places);
}

function keep<Item extends Named>(list: readonly Item[], places: Trunk["places"]): readonly Item[] {
  trunks.set(list, { places, length: list.length });
  return list;
}

/** Whether the list is known to begin with all items of the other: without looking at each. */
export function isGrownFrom(list: readonly unknown[], other: readonly unknown[]): boolean {
  const trunk = trunks.get(list as readonly Named[]);
  return (
    trunk !== undefined && other.length <= list.length && trunks.get(other as readonly Named[]) === trunk
  );
}
