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

/** A page that is served until this process is told to end. */
export interface OpenPage {
  readonly url: string;
  readonly ended: Promise<void>;
}

/** What the program does on this machine; loaded only when asked for, because it carries Pulumi. */
export interface LocalCommands {
  readonly up: (args: { readonly stack: string; readonly configFile?: string }) => Promise<UpOutcome>;
  readonly down: () => Promise<void>;
  readonly status: () => Promise<readonly LocalProcess[]>;
  /** Serves the page of the local stack. @param port - 0 takes a free one */
  readonly page: (port: number | undefined) => Promise<OpenPage>;
  /** @returns the CloudFormation template as JSON text */
  readonly synth: (args: { readonly stack: string; readonly configFile?: string }) => Promise<string>;
}
