import type { ProcessVersion, VersionState } from './schema.ts';

/**
 * The version that has come into effect last, of versions given newest first. One withdrawn before it came into effect
 * never counted; one withdrawn later still supersedes the older ones: going back is a new version.
 */
export function newestInEffect(versions: readonly ProcessVersion[], at: Date): ProcessVersion | undefined {
  return versions.find((version) => cameIntoEffect(version, at));
}

/** Whether the version has come into effect by `at`, whatever happened to it afterwards. */
export function cameIntoEffect({ state, effectiveFrom, withdrawn }: ProcessVersion, at: Date): boolean {
  if (effectiveFrom === undefined || Date.parse(effectiveFrom) > at.getTime()) return false;
  if (state === 'approved') return true;
  return state === 'withdrawn' && withdrawn !== undefined && withdrawn.time > effectiveFrom;
}

/** Whether it still applies at `at`. */
export function isInForce({ withdrawn }: ProcessVersion, at: Date): boolean {
  return withdrawn === undefined || Date.parse(withdrawn.time) > at.getTime();
}

/** The state as people see it. @param newest what {@link newestInEffect} says of the same process now. */
export function stateOf(version: ProcessVersion, newest: ProcessVersion | undefined): VersionState {
  if (version.state !== 'approved') return version.state;
  if (version.id === newest?.id) return 'effective';
  if (newest !== undefined && newest.version > version.version) return 'superseded';
  return 'approved';
}
