declare module "libpg-query/wasm/libpg-query.js" {
  const createModule: (options: {
    readonly print: (line: string) => void;
    readonly printErr: (line: string) => void;
  }) => Promise<unknown>;
  export default createModule;
}
