/** Loads a module of either kind. A file of its own in the executable: code that is kept from run to run may not import. */
export function importModule(name: string): Promise<unknown> {
  return import(name);
}
