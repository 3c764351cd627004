/** How an `up` of the local stack ended. */
export type UpOutcome =
  | { readonly kind: "applied"; readonly endpoints: unknown }
  /** Applied, but a generation that is to go still serves: run it again when another one does. */
  | { readonly kind: "serving"; readonly reason: string; readonly endpoints: unknown };

/** A process of the local stack, as `trueup local status` shows it. */
export interface LocalProcess {
  readonly name: string;
  readonly running: boolean;
  readonly detail: string;
}

/** What the program does on this machine; loaded only when asked for, because it carries Pulumi. */
export interface LocalCommands {
  readonly up: (args: { readonly stack: string; readonly configFile?: string }) => Promise<UpOutcome>;
  readonly down: () => Promise<void>;
  readonly status: () => Promise<readonly LocalProcess[]>;
  /** @returns the CloudFormation template as JSON text */
  readonly synth: (args: { readonly stack: string; readonly configFile?: string }) => Promise<string>;
}
