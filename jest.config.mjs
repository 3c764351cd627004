const transform = {
  "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2024", parser: { syntax: "typescript" } } }],
  // Packages that are ES modules only; jest loads CommonJS.
  "/node_modules/(commander|hyparquet|@platformatic)/.+\\.js$": ["@swc/jest", { jsc: { target: "es2024" } }],
};
const common = {
  transform,
  transformIgnorePatterns: ["/node_modules/(?!commander/|hyparquet/|@platformatic/)"],
  testEnvironment: "node",
  testEnvironmentOptions: { customExportConditions: ["trueup-source", "node", "node-addons"] },
  setupFiles: ["<rootDir>/test/support/seed-properties.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.trueup", "<rootDir>/dist"],
};
const testIn = (...folders) => folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`);

/**
 * Fast parts first: `unit` needs nothing, `components` loads Pulumi, `integration` starts real engines, `whole-stack` brings
 * up the local stack, which a checkout has one of: its tests run one after another.
 */
export default {
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: testIn(
        "core",
        "adapters",
        "fallback-consumer",
        "drift-audit",
        "index-lifecycle",
        "cli",
        "local",
        "docs",
        "testing",
      ),
    },
    { ...common, displayName: "components", testMatch: testIn("components", "stacks", "examples") },
    { ...common, displayName: "faults", testMatch: testIn("faults") },
    {
      ...common,
      displayName: "integration",
      testMatch: testIn("integration"),
      globalSetup: "<rootDir>/test/integration/start-engines.mjs",
      globalTeardown: "<rootDir>/test/integration/stop-engines.mjs",
    },
    { ...common, displayName: "whole-stack", testMatch: testIn("whole-stack") },
  ],
};
