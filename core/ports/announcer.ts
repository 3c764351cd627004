/** Something an operator wants to be told. */
export interface Announcement {
  readonly subject: string;
  /** Names, never document values. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}

export interface Announcer {
  /** Tells the environment's topic. A topic that cannot be reached is logged, never an error: the move happened. */
  announce(announcement: Announcement): Promise<void>;
}
