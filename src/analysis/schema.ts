export { withDoubt, withoutGone, withUnread } from "./schema/doubt.ts";
export { foldSchema } from "./schema/fold.ts";
export { emptySchema, withSearchPath } from "./schema/folded-schema.ts";
export { withBeginning, withGap } from "./schema/gaps.ts";
export type { FoldContext, Schema } from "./schema/known-schema.ts";
export type { NameLike } from "./schema/name-parts.ts";
export { parseSchema, renderSchema } from "./schema/state-text.ts";
export { compareWayBack, type WayBack } from "./schema/way-back.ts";
