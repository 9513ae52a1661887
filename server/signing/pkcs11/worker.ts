import { parentPort, workerData } from 'node:worker_threads';
import { SigningError } from '../errors.ts';
import { loadCryptoki } from './cryptoki.ts';
import type { Request, Response } from './messages.ts';
import { TokenAccess } from './token-access.ts';
import { translateError } from './translate-error.ts';

/** What the thread is started with. */
export interface ModuleData {
  readonly modulePath: string;
  readonly binding: string;
}

const { modulePath, binding } = workerData as ModuleData;
let access: TokenAccess | undefined;

async function answer(request: Request): Promise<unknown> {
  access ??= new TokenAccess(await loadCryptoki(modulePath, binding));
  switch (request.kind) {
    case 'list':
      return access.list();
    case 'open':
      return access.open(request);
    case 'sign':
      return access.sign(request);
    case 'close':
      return access.close();
  }
}

parentPort?.postMessage({ ready: true } satisfies Response);
parentPort?.on('message', async (request: Request) => {
  const respond = (response: Response): void => parentPort?.postMessage(response);
  try {
    respond({ value: await answer(request) });
  } catch (error) {
    const { code, message, details } = error instanceof SigningError ? error : translateError(error);
    respond({ code, message, details });
  } finally {
    if ('pin' in request) request.pin.fill(0);
  }
});
