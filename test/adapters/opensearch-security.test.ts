import { createServer, type Server } from "node:http";
import { makeSearchConnection } from "../../adapters/opensearch-connection.ts";
import { makeOpenSearchSecurity } from "../../adapters/opensearch-security.ts";
import { makeSearchSend } from "../../adapters/opensearch-send.ts";

const ROLE = {
  role: "trueup-writer",
  backendRoles: ["arn:aws:iam::1:role/consumer"],
  indexPatterns: ["orders-*"],
  actions: ["indices:data/write/*"],
  clusterActions: ["indices:data/write/bulk"],
};
const OURS = "Made by trueup; changes are overwritten.";

/**
 * The security plugin's documented answers, over real HTTP; what is put replaces what was there.
 *
 * @see https://docs.opensearch.org/latest/security/api/role-mappings/get-role-mapping/ and its neighbours
 */
class SecurityPlugin {
  readonly roles = new Map<string, Record<string, unknown>>();
  readonly mappings = new Map<string, Record<string, unknown>>();
  readonly requests: string[] = [];
  readonly server: Server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "" } = request;
      this.requests.push(`${method} ${url}`);
      const [status, body] = this.#answer(method, url, text);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  refusal: [number, object] | undefined;

  #answer(method: string, url: string, text: string): [number, object] {
    if (this.refusal !== undefined) return this.refusal;
    const [, kind, name = ""] = /^\/_plugins\/_security\/api\/(roles|rolesmapping)\/(.+)$/.exec(url) ?? [];
    const known = kind === "roles" ? this.roles : this.mappings;
    const found = known.get(name);
    const missing: [number, object] = [404, { status: "NOT_FOUND", message: "Resource 'x' not found." }];
    if (method === "GET") return found === undefined ? missing : [200, { [name]: found }];
    if (method === "DELETE") {
      if (found === undefined) return missing;
      known.delete(name);
      return [200, { status: "OK", message: `'${name}' deleted.` }];
    }
    known.set(name, { hidden: false, reserved: false, ...JSON.parse(text) });
    return found === undefined
      ? [201, { status: "CREATED", message: `'${name}' created.` }]
      : [200, { status: "OK", message: `'${name}' updated.` }];
  }
}

async function setUp() {
  const plugin = new SecurityPlugin();
  await new Promise<void>((resolve) => plugin.server.listen(0, "127.0.0.1", resolve));
  const address = plugin.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const connection = makeSearchConnection(
    { endpoint: `http://127.0.0.1:${port}`, authentication: { kind: "none" } },
    () => {
      throw new Error("no credentials are needed");
    },
  );
  return { plugin, security: makeOpenSearchSecurity(makeSearchSend(connection)) };
}

let plugin: SecurityPlugin;
let security: ReturnType<typeof makeOpenSearchSecurity>;
beforeEach(async () => {
  ({ plugin, security } = await setUp());
});
afterEach(() => {
  plugin.server.closeAllConnections();
  plugin.server.close();
});

it("makes a role and maps backend roles to it, twice with the same end", async () => {
  await security.grant(ROLE);
  await security.grant(ROLE);
  expect(plugin.roles.get(ROLE.role)).toMatchObject({
    description: OURS,
    cluster_permissions: ROLE.clusterActions,
    index_permissions: [{ index_patterns: ROLE.indexPatterns, allowed_actions: ROLE.actions }],
  });
  expect(plugin.mappings.get(ROLE.role)).toMatchObject({ backend_roles: ROLE.backendRoles });
});

it("keeps what others mapped, of every kind", async () => {
  plugin.mappings.set(ROLE.role, {
    backend_roles: ["arn:theirs"],
    and_backend_roles: ["both"],
    hosts: ["10.0.*"],
    users: ["ops"],
    description: "theirs",
    reserved: false,
  });
  await security.grant(ROLE);
  expect(plugin.mappings.get(ROLE.role)).toMatchObject({
    backend_roles: ["arn:theirs", ...ROLE.backendRoles],
    and_backend_roles: ["both"],
    hosts: ["10.0.*"],
    users: ["ops"],
    description: "theirs",
  });
  await security.revoke(ROLE);
  expect(plugin.mappings.get(ROLE.role)).toMatchObject({ backend_roles: ["arn:theirs"], users: ["ops"] });
  expect(plugin.roles.has(ROLE.role)).toBe(true);
});

it("takes role and mapping away when nobody else uses them, and again without harm", async () => {
  await security.grant(ROLE);
  await security.revoke(ROLE);
  await security.revoke(ROLE);
  expect([plugin.roles.size, plugin.mappings.size]).toEqual([0, 0]);
});

it.each([
  ["made by somebody else", { description: "the team's own", reserved: false }],
  ["reserved", { description: OURS, reserved: true }],
])("never writes over a role that is %s", async (_what, role) => {
  plugin.roles.set(ROLE.role, role);
  await expect(security.grant(ROLE)).rejects.toMatchObject({ code: "SECURITY_REFUSED" });
  await security.revoke(ROLE);
  expect(plugin.roles.get(ROLE.role)).toEqual(role);
  expect(plugin.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
});

it("says so when it may not, and tries again later when the plugin is away", async () => {
  plugin.refusal = [
    403,
    { status: "FORBIDDEN", message: "No permission to access REST API: not authorized" },
  ];
  await expect(security.grant(ROLE)).rejects.toMatchObject({
    code: "SECURITY_REFUSED",
    message: expect.stringContaining("No permission"),
    fix: expect.stringContaining("master role"),
  });
  plugin.refusal = [503, { status: "error", message: "Security not initialized." }];
  await expect(security.grant(ROLE)).rejects.toMatchObject({ code: "INDEX_UNAVAILABLE", retryable: true });
});
