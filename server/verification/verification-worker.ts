import { JobThread, ThreadFault } from '../platform/job-thread.ts';
import { VerificationError, verificationErrors } from './errors.ts';
import { unreadableReport } from './file-report.ts';
import type { TrustBytes } from './trust-store.ts';
import type { Job, Result } from './worker.ts';

const FAULTS = {
  'timed-out': 'verification.timed_out',
  'out-of-memory': 'verification.too_complex',
} as const satisfies Record<ThreadFault['reason'], keyof typeof verificationErrors>;

/** Verifies files of strangers on a thread of its own. Trust material goes there only when it has changed. */
export class VerificationWorker {
  readonly #limits: { readonly milliseconds: number; readonly waiting: number };
  readonly #thread: JobThread<Required<Job>, Result>;
  #trust: TrustBytes | undefined;

  constructor(limits: { readonly milliseconds: number; readonly waiting: number }) {
    this.#limits = limits;
    this.#thread = new JobThread(new URL('./worker.ts', import.meta.url), limits.milliseconds, {
      send: (post, { trust, ...job }) => {
        const changed = !sameTrust(this.#trust, trust);
        this.#trust = trust;
        post({ ...job, ...(changed && { trust }) } satisfies Job);
      },
      forget: () => {
        this.#trust = undefined;
      },
    });
  }

  /**
   * The report on the file at `path`; `verification.timed_out` as an unreadable file's code.
   * @throws VerificationError `verification.busy` when too many are waiting; the error of node:fs.
   */
  async verify(path: string, trust: TrustBytes, at: Date): Promise<Result> {
    const { waiting } = this.#thread;
    if (waiting >= this.#limits.waiting) {
      throw new VerificationError('verification.busy', `${waiting} files are waiting`);
    }
    try {
      return await this.#thread.run({ path, trust, at });
    } catch (error) {
      if (!(error instanceof ThreadFault)) throw error;
      const code = FAULTS[error.reason];
      const report = unreadableReport(code, verificationErrors[code], at);
      return { report, evidence: { certificates: [], crls: [], ocsps: [] } };
    }
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

const sameTrust = (a: TrustBytes | undefined, b: TrustBytes): boolean =>
  a?.anchors === b.anchors && a.intermediates === b.intermediates && a.crls === b.crls;
