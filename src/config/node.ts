import { existsSync } from "node:fs";
import type { ConfigurationFiles } from "./configuration.ts";
import { readFile } from "./read-file.ts";

/** The file system of Node for the loader: the one place of this room that knows it. */
export const nodeFiles: ConfigurationFiles = {
  read(path) {
    try {
      return readFile(path);
    } catch (error) {
      // What is not there is no configuration. What is there and cannot be read is worth a complaint.
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      if (code === "EISDIR") throw new Error(`${path}: is a folder, and no configuration`);
      throw new Error(`${path}: cannot be read (${code ?? String(error)})`);
    }
  },
  exists: existsSync,
};
