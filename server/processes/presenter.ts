import type { Act, ProcessVersion, VersionDetail, VersionSummary } from './schema.ts';
import { stateOf } from './state.ts';

/** @param newest the version of the same process that came into effect last. */
export function presentSummary(version: ProcessVersion, newest: ProcessVersion | undefined): VersionSummary {
  const { code, version: number, definition, hash, agencyId, effectiveFrom, revision } = version;
  return {
    code,
    version: number,
    title: definition.title,
    state: stateOf(version, newest),
    hash,
    agencyId,
    ...(effectiveFrom === undefined ? {} : { effectiveFrom }),
    revision,
  };
}

export function presentDetail(version: ProcessVersion, newest: ProcessVersion | undefined): VersionDetail {
  const { definition, authors, created, submitted, reviews, approved, withdrawn } = version;
  return {
    ...presentSummary(version, newest),
    definition,
    authors: [...authors],
    created: actView(created),
    ...(submitted === undefined ? {} : { submitted: actView(submitted) }),
    reviews: reviews.map(actView),
    ...(approved === undefined ? {} : { approved: actView(approved) }),
    ...(withdrawn === undefined ? {} : { withdrawn: actView(withdrawn) }),
  };
}

const actView = (act: Act): Act => ({ ...act });
