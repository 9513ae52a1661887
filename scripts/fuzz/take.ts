/** The first of what is there, for generators that go on as long as a hostile file likes. */
export function take<T>(items: Iterable<T>, limit: number): T[] {
  const taken: T[] = [];
  for (const item of items) if (taken.push(item) >= limit) break;
  return taken;
}
