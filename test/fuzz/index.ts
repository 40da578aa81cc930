export { mutate } from "./mutate.ts";
export { createRandom } from "./random.ts";
export { targets } from "./targets.ts";
