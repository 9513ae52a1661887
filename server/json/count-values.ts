/** How many members and items a JSON value holds at any depth: what work on it costs, whatever it means. */
export function countValues(value: unknown): number {
  let count = 0;
  for (const waiting = [value]; waiting.length > 0; ) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside: unknown[] = Object.values(next);
    count += inside.length;
    for (const each of inside) waiting.push(each);
  }
  return count;
}
