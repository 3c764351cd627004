import transform from "trueup:transform";
import { makeLoadHandler } from "./load-handler.ts";
import { makeConsumerDeps } from "./make-consumer-deps.ts";

/** Step Functions' entry: loads one data file of a DynamoDB export. */
export const handler = makeLoadHandler(transform, makeConsumerDeps(transform, process.env));
