/** For which moment a statement about revocation has to hold. */
export interface Moment {
  readonly at: Date;
  /**
   * Statements made between `at` and this moment count as well: who was not revoked later was not revoked before
   * (EN 319 102-1 5.2.5.4). That holds as long as the certificate had not expired, since nobody has to remember an expired
   * one (RFC 5280 3.3).
   */
  readonly until?: Date;
  /** How far the clock of whoever made the statement may be from ours. Default 0. */
  readonly skewMilliseconds?: number;
}

export interface Statement {
  readonly thisUpdate: Date;
  /** Without it nobody can say how long the statement holds, and it holds for no moment but its own. */
  readonly nextUpdate?: Date | undefined;
  /** Expired certificates are remembered from here on. */
  readonly archiveCutoff?: Date | undefined;
}

/** Whether a CRL or an OCSP answer tells what holds at the moment: made before and not outdated then, or made later. */
export function isFresh(
  { thisUpdate, nextUpdate, archiveCutoff }: Statement,
  { at, until, skewMilliseconds = 0 }: Moment,
  certificateEnd: Date,
): boolean {
  const made = thisUpdate.getTime() - skewMilliseconds;
  const holdsUntil = (nextUpdate ?? thisUpdate).getTime() + skewMilliseconds;
  if (made <= at.getTime() && at.getTime() <= holdsUntil) return true;
  const remembers =
    thisUpdate <= certificateEnd || (archiveCutoff !== undefined && archiveCutoff <= certificateEnd);
  return until !== undefined && thisUpdate > at && made <= until.getTime() && remembers;
}
