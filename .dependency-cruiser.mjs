/** The layers of `docs/architecture.md`, as rules. A rule names what it protects. */
const rule = (name, comment, from, to) => ({ name, severity: "error", comment, from: { path: from }, to });

export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment: "a cycle has no bottom to read from",
      from: {},
      to: { circular: true },
    },
    rule("core-is-pure", "core imports core and node:crypto only: no SDK, no Pulumi, no clock", "^core/", {
      pathNot: "^core/|^(node:)?crypto$",
    }),
    rule(
      "adapters-stand-alone",
      "an adapter implements a port of the core, and knows no entry",
      "^adapters/",
      {
        path: "^(fallback-consumer|drift-audit|index-lifecycle|components|stacks|cli|local)/",
      },
    ),
    rule(
      "functions-never-reach-pulumi",
      "a function's bundle must hold no infrastructure code",
      "^(core|adapters|fallback-consumer|drift-audit|index-lifecycle)/",
      {
        path: "node_modules/@pulumi/",
      },
    ),
    rule(
      "functions-stand-alone",
      "functions share core and adapters, nothing else",
      "^(fallback-consumer|drift-audit|index-lifecycle)/",
      {
        path: "^(components|stacks|cli|local)/",
      },
    ),
    rule(
      "components-never-import-runtime",
      "components point at entry files, they never import them",
      "^components/",
      {
        path: "^(adapters|fallback-consumer|drift-audit|index-lifecycle|stacks|cli|local)/",
      },
    ),
    rule(
      "testing-runs-the-real-core",
      "the test kit drives the core and the consumers as they are, in any test runner: no SDK, no Pulumi",
      "^testing/",
      {
        path: "^(adapters|drift-audit|index-lifecycle|components|stacks|cli|local|test|bench)/|node_modules/(@aws-sdk|@pulumi)/",
      },
    ),
    rule(
      "nothing-imports-testing",
      "what is deployed holds no test kit",
      "^(core|adapters|fallback-consumer|drift-audit|index-lifecycle|components|stacks|transforms|cli|local)/",
      {
        path: "^testing/",
      },
    ),
    rule("stacks-use-the-public-surface", "what a stack needs, a user needs too", "^stacks/", {
      path: "^(adapters|fallback-consumer|drift-audit|index-lifecycle|cli|local)/|^components/(?!index\\.ts)",
    }),
    rule(
      "nothing-imports-local-or-test",
      "product code never knows it runs locally",
      "^(core|adapters|fallback-consumer|drift-audit|index-lifecycle|components|stacks|transforms)/",
      {
        path: "^(local|test|bench)/",
      },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
    reporterOptions: { mermaid: { minify: false }, archi: {} },
  },
};
