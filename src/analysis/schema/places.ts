interface Named {
  readonly name: string;
}

type Places = Map<string, number>;

/**
 * Where the items of long lists stand, by name. A list and those that grew out of it share what is known: so it may know of items
 * that this one does not have, and what it says is looked at before it is believed.
 */
const known = new WeakMap<readonly Named[], Places>();

/** In shorter lists looking is as fast. */
const long = 64;

/** Where the item of this name stands; -1: nowhere. */
export function placeIn(list: readonly Named[], name: string): number {
  if (list.length < long) return list.findIndex((item) => item.name === name);
  let places = known.get(list);
  if (places === undefined) {
    places = new Map();
    // The first of a name counts.
    for (let place = list.length - 1; place >= 0; place -= 1) places.set(list[place]?.name ?? "", place);
    known.set(list, places);
  }
  const place = places.get(name);
  if (place === undefined || list[place]?.name === name) return place ?? -1;
  return list.findIndex((item) => item.name === name);
}

/** The list with one more item, whose name it did not have. */
export function withNext<Item extends Named>(list: readonly Item[], item: Item): readonly Item[] {
  const longer = [...list, item];
  const places = known.get(list);
  if (places !== undefined) known.set(longer, places.set(item.name, list.length));
  return longer;
}

/** The list with another item of the same name in its place. */
export function withPlace<Item extends Named>(
  list: readonly Item[],
  place: number,
  item: Item,
): readonly Item[] {
  const other = list.with(place, item);
  const places = known.get(list);
  if (places !== undefined) known.set(other, places);
  return other;
}
