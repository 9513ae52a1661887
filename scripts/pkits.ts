/**
 * `npm run pkits -- DIR` runs the NIST Public Key Interoperability Test Suite found in DIR (cases.json, certs/, crls/)
 * through server/pki and prints `{"passed":n,"failed":[...]}`; exit 1 when a case failed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildPaths, type CertificationPath } from '../server/pki/build-paths.ts';
import { parseCertificate } from '../server/pki/certificate.ts';
import { CertificatePool, type TrustAnchor } from '../server/pki/certificate-pool.ts';
import { checkRevocation, type RevocationStatus } from '../server/pki/check-revocation.ts';
import { parseCrl } from '../server/pki/crl.ts';
import { PkiError } from '../server/pki/errors.ts';
import { anyPolicy } from '../server/pki/oids.ts';
import { type PathParameters, validatePath } from '../server/pki/validate-path.ts';

export interface PkitsCase {
  readonly id: string;
  readonly name: string;
  readonly cert: string;
  readonly other_certs?: readonly string[];
  readonly crls?: readonly string[];
  /** The path the case prescribes; else it has to be found. */
  readonly path_intermediates?: readonly string[];
  /** False: an unknown revocation status does not count against the path. */
  readonly revocation?: boolean;
  readonly params?: {
    readonly user_initial_policy_set?: readonly string[];
    readonly initial_policy_mapping_inhibit?: boolean;
    readonly initial_explicit_policy?: boolean;
    readonly initial_any_policy_inhibit?: boolean;
  };
  readonly expected: 'valid' | 'invalid';
}

export interface PkitsResult {
  readonly case: PkitsCase;
  readonly actual: 'valid' | 'invalid';
  readonly passed: boolean;
}

export function readCases(folder: string): readonly PkitsCase[] {
  return JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
}

export function runCase(folder: string, test: PkitsCase, at: Date): PkitsResult {
  const actual = isValid(folder, test, at) ? 'valid' : 'invalid';
  return { case: test, actual, passed: actual === test.expected };
}

function isValid(folder: string, test: PkitsCase, at: Date): boolean {
  const certificate = (name: string) => parseCertificate(readFileSync(join(folder, 'certs', name)));
  const crl = (name: string) => parseCrl(readFileSync(join(folder, 'crls', name)));
  try {
    const anchor: TrustAnchor = { certificate: certificate('TrustAnchorRootCertificate.crt') };
    const target = certificate(test.cert);
    const pool = new CertificatePool((test.other_certs ?? []).map(certificate));
    const crls = ['TrustAnchorRootCRL.crl', ...(test.crls ?? [])].map(crl);
    const paths: Iterable<CertificationPath> = test.path_intermediates
      ? [{ anchor, certificates: [...test.path_intermediates.map(certificate), target] }]
      : buildPaths(target, { anchors: [anchor], pool });
    const sources = { crls, pool, at };
    for (const path of paths) {
      if (!validatePath(path, parametersOf(test, at)).valid) continue;
      const accepted = (status: RevocationStatus) =>
        status.status === 'good' || (status.status === 'unknown' && test.revocation === false);
      if (path.certificates.every((_, index) => accepted(checkRevocation(path, index, sources)))) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function parametersOf({ params = {} }: PkitsCase, at: Date): PathParameters {
  const policies = params.user_initial_policy_set?.map((id) => (id === 'any_policy' ? anyPolicy : id));
  return {
    at,
    ...(policies && { acceptedPolicies: new Set(policies) }),
    inhibitPolicyMapping: params.initial_policy_mapping_inhibit ?? false,
    requireExplicitPolicy: params.initial_explicit_policy ?? false,
    inhibitAnyPolicy: params.initial_any_policy_inhibit ?? false,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder] = process.argv.slice(2);
  if (!folder) {
    process.stderr.write('usage: npm run pkits -- DIR\n');
    process.exitCode = 64;
  } else {
    const results = readCases(folder).map((test) => runCase(folder, test, new Date()));
    const failed = results.filter(({ passed }) => !passed);
    const passed = results.length - failed.length;
    const named = failed.map(({ case: { id, name }, actual }) => ({ id, name, actual }));
    process.stdout.write(`${JSON.stringify({ passed, failed: named })}\n`);
    process.exitCode = failed.length > 0 ? 1 : 0;
  }
}
