import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";

/** Credentials of another role, as SDK clients take them: fetched when needed, renewed before they expire. */
export type RoleCredentials = ReturnType<typeof fromTemporaryCredentials>;

/**
 * Lets a function act as the role of one table, which may touch that table and nothing else: one function serves any
 * number of tables, and what its own role may hold has a limit.
 *
 * @param session - names the session in CloudTrail
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html 10,240 characters of inline policies
 */
export function assumeRole(roleArn: string, session: string): RoleCredentials {
  return fromTemporaryCredentials({ params: { RoleArn: roleArn, RoleSessionName: session } });
}

/** Makes what belongs to a role once, however often it is asked for. */
export function onceARole<Subject, Access>(
  roleOf: (subject: Subject) => string,
  make: (subject: Subject, roleArn: string) => Access,
): (subject: Subject) => Access {
  const made = new Map<string, Access>();
  return (subject) => {
    const roleArn = roleOf(subject);
    const access = made.get(roleArn) ?? make(subject, roleArn);
    made.set(roleArn, access);
    return access;
  };
}
