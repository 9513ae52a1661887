import type { KeyObject } from 'node:crypto';
import type { CertificationPath } from './build-paths.ts';
import type { Certificate } from './certificate.ts';
import { Effort } from './effort.ts';
import { PkiError } from './errors.ts';
import { NameConstraintState } from './name-constraints.ts';
import { anyPolicy, ExtensionType } from './oids.ts';
import { PolicyGraph } from './policy-graph.ts';

/** The inputs of RFC 5280 6.1.1 that are not the path itself. */
export interface PathParameters {
  /** The moment the path is judged for. */
  readonly at: Date;
  /** (c) user-initial-policy-set; default any policy. */
  readonly acceptedPolicies?: ReadonlySet<string>;
  /** (e) initial-policy-mapping-inhibit. */
  readonly inhibitPolicyMapping?: boolean;
  /** (f) initial-explicit-policy. */
  readonly requireExplicitPolicy?: boolean;
  /** (g) initial-any-policy-inhibit. */
  readonly inhibitAnyPolicy?: boolean;
  readonly effort?: Effort;
}

export type PathProblemCode =
  | 'signature_invalid'
  | 'key_unsupported'
  | 'not_yet_valid'
  | 'expired'
  | 'name_mismatch'
  | 'name_not_permitted'
  | 'no_policy'
  | 'policy_mapping_of_any'
  | 'not_a_ca'
  | 'path_too_long'
  | 'may_not_sign_certificates'
  | 'unknown_critical_extension';

export interface PathProblem {
  readonly code: PathProblemCode;
  readonly certificate: Certificate;
}

/** Facts about a path: everything that is wrong with it, not only the first. */
export interface PathFacts {
  readonly valid: boolean;
  readonly problems: readonly PathProblem[];
  /** Key of each certificate of the path, completed with inherited parameters; as far as it could be read. */
  readonly keys: readonly (KeyObject | undefined)[];
  /** Policies valid for the path that the user accepts; `anyPolicy` among them means any. */
  readonly policies: ReadonlySet<string>;
}

/** Extensions this validation acts on, or that need no action; any other critical one stops it (6.1.4 (o), 6.1.5 (f)). */
const PROCESSED: ReadonlySet<string> = new Set([
  ExtensionType.keyUsage,
  ExtensionType.basicConstraints,
  ExtensionType.nameConstraints,
  ExtensionType.certificatePolicies,
  ExtensionType.policyMappings,
  ExtensionType.policyConstraints,
  ExtensionType.inhibitAnyPolicy,
  ExtensionType.extendedKeyUsage,
  ExtensionType.subjectAltName,
  ExtensionType.issuerAltName,
  ExtensionType.subjectKeyIdentifier,
  ExtensionType.authorityKeyIdentifier,
  ExtensionType.crlDistributionPoints,
  ExtensionType.freshestCrl,
  ExtensionType.authorityInfoAccess,
  ExtensionType.subjectInfoAccess,
  ExtensionType.qcStatements,
  ExtensionType.ocspNoCheck,
]);

/** Basic path validation of RFC 5280 6.1, without revocation, which `checkRevocation` answers. */
export function validatePath(path: CertificationPath, parameters: PathParameters): PathFacts {
  const run = new Validation(path, parameters);
  path.certificates.forEach((certificate, index) => {
    run.certificate(certificate, index);
  });
  return run.wrapUp();
}

class Validation {
  readonly #length: number;
  readonly #parameters: PathParameters;
  readonly #effort: Effort;
  readonly #problems: PathProblem[] = [];
  readonly #keys: (KeyObject | undefined)[] = [];
  readonly #names = new NameConstraintState();
  readonly #policies = new PolicyGraph();
  #workingIssuer: Certificate;
  #workingKey: KeyObject | undefined;
  #workingKeyParameters: Uint8Array | undefined;
  #explicitPolicy: number;
  #policyMapping: number;
  #inhibitAny: number;
  #maxPathLength: number;

  /** 6.1.2. */
  constructor({ anchor, certificates }: CertificationPath, parameters: PathParameters) {
    const beyond = certificates.length + 1;
    this.#length = certificates.length;
    this.#parameters = parameters;
    this.#effort = parameters.effort ?? new Effort();
    this.#workingIssuer = anchor.certificate;
    this.#workingKey = keyOf(anchor.certificate, undefined);
    this.#workingKeyParameters = anchor.certificate.keyParameters;
    this.#explicitPolicy = parameters.requireExplicitPolicy ? 0 : beyond;
    this.#policyMapping = parameters.inhibitPolicyMapping ? 0 : beyond;
    this.#inhibitAny = parameters.inhibitAnyPolicy ? 0 : beyond;
    this.#maxPathLength = certificates.length;
  }

  certificate(certificate: Certificate, index: number): void {
    const isLast = index === this.#length - 1;
    this.#basics(certificate, isLast);
    this.#processPolicies(certificate, isLast);
    this.#takeKey(certificate);
    if (!isLast) this.#prepareForNext(certificate);
    if ([...certificate.extensions.values()].some((e) => e.critical && !PROCESSED.has(e.type))) {
      this.#report('unknown_critical_extension', certificate);
    }
  }

  /** 6.1.3 (a) to (c). */
  #basics(certificate: Certificate, isLast: boolean): void {
    const { at } = this.#parameters;
    if (!this.#workingKey) this.#report('key_unsupported', this.#workingIssuer);
    else if (!this.#effort.verify(certificate, this.#workingKey)) {
      this.#report('signature_invalid', certificate);
    }
    if (at < certificate.notBefore) this.#report('not_yet_valid', certificate);
    if (at > certificate.notAfter) this.#report('expired', certificate);
    if (!certificate.issuer.equals(this.#workingIssuer.subject)) this.#report('name_mismatch', certificate);
    if ((isLast || !certificate.selfIssued) && !this.#names.allows(certificate)) {
      this.#report('name_not_permitted', certificate);
    }
  }

  /** 6.1.3 (d) to (f). */
  #processPolicies(certificate: Certificate, isLast: boolean): void {
    const anyAllowed = this.#inhibitAny > 0 || (!isLast && certificate.selfIssued);
    this.#policies.process(certificate.policies, anyAllowed);
    if (this.#explicitPolicy === 0 && this.#policies.isEmpty) this.#report('no_policy', certificate);
  }

  /** 6.1.4. */
  #prepareForNext(certificate: Certificate): void {
    this.#mapPolicies(certificate);
    if (certificate.nameConstraints) this.#names.add(certificate.nameConstraints);
    this.#countDown(certificate);
    if (certificate.version !== 2 || !certificate.isCa) this.#report('not_a_ca', certificate);
    if (!certificate.selfIssued && this.#maxPathLength-- <= 0) this.#report('path_too_long', certificate);
    const limit = certificate.basicConstraints?.pathLength;
    if (limit !== undefined) this.#maxPathLength = Math.min(this.#maxPathLength, limit);
    if (certificate.keyUsage && !certificate.keyUsage.has('keyCertSign')) {
      this.#report('may_not_sign_certificates', certificate);
    }
  }

  /** (a), (b). */
  #mapPolicies(certificate: Certificate): void {
    const mappings = certificate.policyMappings;
    if (mappings.length === 0) return;
    if (mappings.some((m) => m.issuerDomain === anyPolicy || m.subjectDomain === anyPolicy)) {
      this.#report('policy_mapping_of_any', certificate);
    }
    this.#policies.map(mappings, this.#policyMapping > 0);
  }

  /** (h) to (j). */
  #countDown({ selfIssued, policyConstraints, inhibitAnyPolicy }: Certificate): void {
    if (!selfIssued) {
      this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1);
      this.#policyMapping = Math.max(0, this.#policyMapping - 1);
      this.#inhibitAny = Math.max(0, this.#inhibitAny - 1);
    }
    this.#explicitPolicy = Math.min(
      this.#explicitPolicy,
      policyConstraints?.requireExplicitPolicy ?? Infinity,
    );
    this.#policyMapping = Math.min(this.#policyMapping, policyConstraints?.inhibitPolicyMapping ?? Infinity);
    this.#inhibitAny = Math.min(this.#inhibitAny, inhibitAnyPolicy ?? Infinity);
  }

  /** 6.1.4 (c) to (f): a key without parameters takes those of its issuer's key of the same kind. */
  #takeKey(certificate: Certificate): void {
    const sameKind = certificate.keyAlgorithm.oid === this.#workingIssuer.keyAlgorithm.oid;
    const inherited = sameKind ? this.#workingKeyParameters : undefined;
    this.#workingKey = keyOf(certificate, inherited);
    this.#workingKeyParameters = certificate.keyParameters ?? inherited;
    this.#workingIssuer = certificate;
    this.#keys.push(this.#workingKey);
  }

  /** 6.1.5. */
  wrapUp(): PathFacts {
    const last = this.#workingIssuer;
    this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1);
    if (last.policyConstraints?.requireExplicitPolicy === 0) this.#explicitPolicy = 0;
    const accepted = this.#parameters.acceptedPolicies ?? new Set([anyPolicy]);
    const policies = this.#policies.userConstrained(accepted);
    if (this.#length > 0 && this.#explicitPolicy === 0 && policies.size === 0)
      this.#report('no_policy', last);
    return { valid: this.#problems.length === 0, problems: this.#problems, keys: this.#keys, policies };
  }

  #report(code: PathProblemCode, certificate: Certificate): void {
    if (this.#problems.some((p) => p.code === code && p.certificate === certificate)) return;
    this.#problems.push({ code, certificate });
  }
}

const DSA = '1.2.840.10040.4.1';

function keyOf(certificate: Certificate, inherited: Uint8Array | undefined): KeyObject | undefined {
  try {
    const { keyAlgorithm, keyParameters } = certificate;
    if (keyAlgorithm.oid === DSA && !keyParameters) {
      return inherited && certificate.publicKeyWith(inherited);
    }
    return certificate.publicKey;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
