export { byNoTool, findLayout, type LayoutOptions, layOut } from "./detect.ts";
export { isOtherDialect } from "./dialects.ts";
export { flywayFolders } from "./flyway-locations.ts";
export { isCandidate } from "./folders.ts";
export { type Gaps, gapsOf } from "./gaps.ts";
export { isLayoutFile, programOf } from "./manifests.ts";
export { fillPlaceholders } from "./placeholders.ts";
export { findProfile, profiles, psql } from "./profiles/index.ts";
export { seriesOf } from "./series.ts";
export type {
  Direction,
  Evidence,
  Folder,
  Layout,
  Leaving,
  NewFile,
  NewMigration,
  PlaceholderStyle,
  Profile,
  ProjectView,
  TransactionMode,
  Unit,
} from "./types.ts";
