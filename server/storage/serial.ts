/**
 * Runs tasks of one name one after another, others side by side. The engine decides between processes by unique keys;
 * this only spares the tasks of one process from racing each other to the next number.
 */
export class Serial {
  readonly #last = new Map<string, Promise<unknown>>();

  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(name) ?? Promise.resolve()).then(task, task);
    this.#last.set(name, result);
    const forget = () => {
      if (this.#last.get(name) === result) this.#last.delete(name);
    };
    result.then(forget, forget);
    return result;
  }
}
