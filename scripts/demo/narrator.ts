/** Says what happens, one numbered step at a time, on standard error: standard output belongs to results. */
export class Narrator {
  #step = 0;
  readonly #quiet: boolean;

  constructor(quiet = false) {
    this.#quiet = quiet;
  }

  step(title: string): void {
    this.#step += 1;
    this.#say(`\n${String(this.#step).padStart(2)}. ${title}`);
  }

  fact(text: string): void {
    this.#say(`    ${text}`);
  }

  #say(text: string): void {
    if (!this.#quiet) process.stderr.write(`${text}\n`);
  }
}
