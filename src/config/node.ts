import { existsSync, readFileSync } from "node:fs";
import type { ConfigurationFiles } from "./configuration.ts";

/** The file system of Node for the loader: the one place of this room that knows it. */
export const nodeFiles: ConfigurationFiles = {
  read(path) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      // What is not there is no configuration. What is there and cannot be read is worth a complaint.
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return null;
      throw new Error(`${path}: cannot be read (${code ?? String(error)})`);
    }
  },
  exists: existsSync,
};
