import { z } from "zod";
import type { EnvironmentDescriptor } from "../../core/table-descriptor.ts";
import type { LocalStreaming } from "../machine/local-streaming.ts";
import { isObject, type Json } from "../synth/json.ts";

const namesSchema = z.array(z.string());
/** `${secrets:<name>:<member>}`, which a worker of MSK Connect reads from Secrets Manager. */
const PLACEHOLDER = /^\$\{secrets:[^}]*:(username|password)\}$/;

/** Ends the connectors that are no longer declared; before slots go that they read. */
export async function removeConnectors({ connect }: LocalStreaming, environment: Json): Promise<void> {
  const answer = await fetch(`${connect.url}/connectors`);
  const running = namesSchema.parse(await answer.json());
  const declared = declaredNames(environment);
  for (const name of running) if (!declared.has(name)) await connect.deleteConnector(name);
}

/** Runs the connectors that the program exports, as a person does who runs Kafka Connect himself. */
export async function applyConnectors(
  { connect, postgres }: LocalStreaming,
  { connectors = {} }: Pick<EnvironmentDescriptor, "connectors">,
): Promise<void> {
  const user = new URL(postgres.url);
  for (const { name, configuration } of Object.values(connectors)) {
    const filled = Object.entries(configuration).map(([key, value]) => [key, fill(value, user)]);
    await connect.putConnector(name, Object.fromEntries(filled));
  }
}

function fill(value: string, user: URL): string {
  const [, member] = PLACEHOLDER.exec(value) ?? [];
  if (member === undefined) return value;
  return member === "username" ? user.username : user.password;
}

function declaredNames(environment: Json): ReadonlySet<string> {
  const connectors = isObject(environment) ? environment["connectors"] : undefined;
  if (!isObject(connectors)) return new Set();
  return new Set(
    Object.values(connectors).map((connector) => (isObject(connector) ? String(connector["name"]) : "")),
  );
}
