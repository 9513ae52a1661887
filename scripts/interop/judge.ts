import type { PadesLevel } from '../../server/signing/levels.ts';

/** A signed file and what a judge has to know of it. */
export interface JudgedFile {
  readonly id: string;
  readonly path: string;
  readonly password?: string;
  /** Of every signature in it. */
  readonly level: PadesLevel;
  readonly signatures: number;
}

/** What all judges are given besides the files. */
export interface Bench {
  /** The only certificate to be trusted, PEM. */
  readonly root: string;
  /** CRLs as of the moment of judging, DER: for levels that do not bring their own proof. */
  readonly crls: readonly string[];
  /** Temporary, emptied by whoever made it. */
  readonly folder: string;
  /** Outlives the run: what a judge had to install. */
  readonly cache: string;
}

export interface Verdict {
  readonly file: string;
  readonly accepted: boolean;
  /** In the judge's words: what it found wrong, or how it named what it accepted. */
  readonly says: string;
}

export interface Judge {
  readonly name: string;
  /** Why it cannot judge here; nothing when it can. May install what it needs. */
  missing(cache: string): Promise<string | undefined>;
  version(cache: string): Promise<string>;
  judge(files: readonly JudgedFile[], bench: Bench): Promise<readonly Verdict[]>;
}
