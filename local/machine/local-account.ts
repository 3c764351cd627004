/** The account everything on this machine belongs to. */
export const LOCAL_ACCOUNT = "123456789012";
/** What the emulator takes from anybody. */
export const LOCAL_CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };
