/** Where the present moment comes from; tests and the demonstration give their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
