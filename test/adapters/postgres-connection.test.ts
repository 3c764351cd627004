import { makePostgres } from "../../adapters/postgres-connection.ts";

const connection = {
  engine: "postgresql",
  host: "127.0.0.1",
  // Nothing listens there.
  port: 1,
  database: "shop",
  secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop",
  tls: "off",
} as const;

describe("a session with a PostgreSQL", () => {
  it("says that the database did not answer, and that it may do so later", async () => {
    const session = makePostgres(connection, async () => ({ username: "u", password: "p" }));
    await expect(session.query("select 1")).rejects.toMatchObject({
      code: "ENGINE_FAILED",
      retryable: true,
      subject: "127.0.0.1 shop, ECONNREFUSED",
    });
    await session.end();
  });

  it("reads its secret again after it could not be read", async () => {
    let reads = 0;
    const session = makePostgres(connection, async () => {
      reads += 1;
      if (reads === 1) throw new Error("Secrets Manager is away");
      return { username: "u", password: "p" };
    });
    await expect(session.query("select 1")).rejects.toThrow(/no code/);
    await expect(session.transaction(async (query) => query("select 1"))).rejects.toThrow(/ECONNREFUSED/);
    expect(reads).toBe(2);
    await session.end();
  });
});
