import transform from "trueup:transform";
import { makeLoadHandler } from "./load-handler.ts";
import { makeSqlDeps } from "./make-sql-deps.ts";

/** Step Functions' entry: loads one data file of a database's table, whose transform may look rows up there. */
export const handler = makeLoadHandler(transform, makeSqlDeps(transform, process.env));
