import { type CallOptions, Refused } from './client.ts';
import type { Office, Person } from './office.ts';

export interface Task {
  readonly visit: string;
  readonly step: string;
  readonly title: { readonly vi: string };
  readonly kind: string;
  readonly due?: string;
}

export interface DocumentView {
  readonly id: string;
  readonly state: string;
  readonly released: boolean;
  readonly number?: string;
  readonly date?: string;
  readonly tasks: readonly Task[];
  readonly signatures: readonly { readonly field: string; readonly certificate: string }[];
  readonly content: readonly { readonly sha256: string; readonly made: string; readonly current: boolean }[];
}

type Send = <T>(person: Person, path: string, options: CallOptions) => Promise<T>;
const once: Send = (person, path, options) => person.client.call(path, options);

/** One document's way through QT.VT.01, act by act, each by the person whose turn it is. */
export class DocumentRun {
  readonly #office: Office;
  readonly #send: Send;
  #view: DocumentView;

  private constructor(office: Office, send: Send, view: DocumentView) {
    this.#office = office;
    this.#send = send;
    this.#view = view;
  }

  /** @param send how requests are made; the crash test's one does not give up while the server is away. */
  static async start(
    office: Office,
    fields: Readonly<Record<string, unknown>>,
    options: { send?: Send; key?: string } = {},
  ): Promise<DocumentRun> {
    const send = options.send ?? once;
    const view = await send<DocumentView>(office.people.official, '/api/v1/documents', {
      body: { process: 'QT.VT.01', fields },
      ...(options.key !== undefined && { key: options.key }),
    });
    return new DocumentRun(office, send, view);
  }

  get view(): DocumentView {
    return this.#view;
  }

  /** The one task that is open. @throws Error when there is none. */
  get task(): Task {
    const [task] = this.#view.tasks;
    if (task === undefined) throw new Error(`nothing is open in document ${this.#view.id}`);
    return task;
  }

  fill(fields: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#act(this.#office.people.official, `/api/v1/documents/${this.#view.id}/fields`, {
      method: 'PATCH',
      body: { fields },
    });
  }

  complete(person: Person, outcome: string, reason?: string): Promise<void> {
    return this.#onTask(person, 'complete', { outcome, ...(reason !== undefined && { reason }) });
  }

  sendBack(person: Person, outcome: string, reason: string): Promise<void> {
    return this.#onTask(person, 'return', { outcome, reason });
  }

  sign(person: Person, pin: string, key?: string): Promise<void> {
    return this.#onTask(person, 'sign', { pin }, key);
  }

  register(key?: string): Promise<void> {
    return this.#onTask(this.#office.people.clerk, 'register', undefined, key);
  }

  release(key?: string): Promise<void> {
    return this.#onTask(this.#office.people.clerk, 'release', undefined, key);
  }

  /** The PDF as it stands. */
  pdf(person: Person): Promise<Buffer> {
    return person.client.download(`/api/v1/documents/${this.#view.id}/content`);
  }

  #onTask(person: Person, verb: string, body: unknown, key?: string): Promise<void> {
    const path = `/api/v1/documents/${this.#view.id}/tasks/${this.task.visit}/${verb}`;
    return this.#act(person, path, {
      method: 'POST',
      ...(body !== undefined && { body }),
      ...(key !== undefined && { key }),
    });
  }

  async #act(person: Person, path: string, options: CallOptions): Promise<void> {
    this.#view = await this.#send<DocumentView>(person, path, options);
  }
}

/** Runs `act` and gives the code it is refused with. @throws Error when it is not refused. */
export async function refusalOf(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
  throw new Error('it should have been refused');
}
