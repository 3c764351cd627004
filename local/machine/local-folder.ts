import { join } from "node:path";
import { projectRoot } from "../setup/folders.ts";

/** Everything of the stack that runs on this machine; deleted when it goes down. */
export const localFolder = join(projectRoot, ".trueup/local");

/** Where parts of the local stack keep what they know. */
export const localFiles = {
  aws: join(localFolder, "aws"),
  gateway: join(localFolder, "gateway"),
  search: join(localFolder, "search"),
  postgres: join(localFolder, "postgres"),
  kafka: join(localFolder, "kafka"),
  connect: join(localFolder, "connect"),
  ports: join(localFolder, "ports.json"),
  resources: join(localFolder, "resources.json"),
  environment: join(localFolder, "environment.json"),
  endpoints: join(localFolder, "endpoints.json"),
  lock: join(localFolder, "up.lock"),
} as const;
