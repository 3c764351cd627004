import { connect } from "node:net";
import { createServer } from "node:tls";
import type { TestAuthority } from "./test-authority.ts";

/** A server that speaks TLS and passes on what it is told. */
export interface TlsFront {
  readonly url: string;
  stop(): Promise<void>;
}

/** Puts TLS before an engine. */
export async function startTlsFront(
  engineUrl: string,
  { certificate, key }: TestAuthority,
): Promise<TlsFront> {
  const { hostname, port } = new URL(engineUrl);
  const open = new Set<{ destroy(): void }>();
  const server = createServer({ cert: certificate, key }, (outside) => {
    const inside = connect(Number(port), hostname);
    for (const socket of [outside, inside]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => socket.destroy());
    }
    outside.pipe(inside).pipe(outside);
  });
  // A client that refuses the certificate ends the handshake.
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `https://127.0.0.1:${own}`,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
