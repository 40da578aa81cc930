declare module "libpg-query/wasm/libpg-query.js" {
  const createModule: (options: {
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
    /** Takes the place of finding and compiling the grammar; gives the instance to `done`. */
    readonly instantiateWasm?: (imports: unknown, done: (instance: unknown) => void) => void;
  }) => Promise<unknown>;
  export default createModule;
}
