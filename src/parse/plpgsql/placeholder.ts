export { isStandIn as isUnknownName, standIn as UNKNOWN } from "../../model/stand-in.ts";
