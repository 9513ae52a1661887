import type { Certificate } from './certificate.ts';
import type { NameConstraints } from './extensions.ts';
import type { GeneralName } from './general-name.ts';
import { AttributeType } from './oids.ts';

/** Comparisons one path may cost; hostile certificates can hold thousands of names and subtrees. */
const MAX_COMPARISONS = 250_000;

/**
 * The permitted and excluded subtrees a path has gathered (RFC 5280 6.1.1 (b), (c)). The intersection of permitted
 * subtrees is kept as a list of sets, each of which has to let a name pass.
 */
export class NameConstraintState {
  readonly #gathered: NameConstraints[] = [];
  #comparisons = 0;

  /** 6.1.4 (g). */
  add(constraints: NameConstraints): void {
    this.#gathered.push(constraints);
  }

  /** 6.1.3 (b) and (c): whether every name of the certificate passes. */
  allows(certificate: Certificate): boolean {
    if (this.#gathered.length === 0) return true;
    return namesOf(certificate).every((name) => this.#gathered.every((c) => this.#passes(name, c)));
  }

  #passes(name: GeneralName, { permitted, excluded, unsupported }: NameConstraints): boolean {
    if (unsupported) return false;
    this.#comparisons += permitted.length + excluded.length;
    if (this.#comparisons > MAX_COMPARISONS) return false;
    if (excluded.some((base) => sameKind(name, base) && isWithin(name, base, true))) return false;
    const bases = permitted.filter((base) => sameKind(name, base));
    return bases.length === 0 || bases.some((base) => isWithin(name, base, false));
  }
}

/** Subject, alternative names, and e-mail addresses in the subject when no alternative name has one (4.2.1.10). */
function namesOf(certificate: Certificate): readonly GeneralName[] {
  const { subject, subjectAltNames } = certificate;
  const names: GeneralName[] = [...subjectAltNames];
  if (!subject.isEmpty) names.push({ kind: 'directory', name: subject });
  if (!subjectAltNames.some(({ kind }) => kind === 'email')) {
    for (const value of subject.get(AttributeType.emailAddress)) names.push({ kind: 'email', value });
  }
  return names;
}

function sameKind(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'other') return base.kind === 'other' && base.tag === name.tag;
  return name.kind === base.kind;
}

/** `whenUnclear` is the answer for a name that cannot be judged: it fails whichever list is asked (4.2.1.10). */
function isWithin(name: GeneralName, base: GeneralName, whenUnclear: boolean): boolean {
  if (name.kind === 'directory' && base.kind === 'directory') return name.name.isWithin(base.name);
  if (name.kind === 'dns' && base.kind === 'dns') return hostWithin(name.value, base.value, true);
  if (name.kind === 'email' && base.kind === 'email') return emailWithin(name.value, base.value);
  if (name.kind === 'uri' && base.kind === 'uri') {
    const host = hostOf(name.value);
    return host === undefined ? whenUnclear : hostWithin(host, base.value, false);
  }
  if (name.kind === 'ip' && base.kind === 'ip') return addressWithin(name.bytes, base.bytes, whenUnclear);
  return whenUnclear;
}

/** `withSubdomains`: a base without leading period includes hosts below it (DNS names) or is that host alone (URI). */
function hostWithin(host: string, base: string, withSubdomains: boolean): boolean {
  const [name, limit] = [host.toLowerCase(), base.toLowerCase()];
  if (limit === '') return true;
  if (limit.startsWith('.')) return name.endsWith(limit);
  return name === limit || (withSubdomains && name.endsWith(`.${limit}`));
}

function emailWithin(address: string, base: string): boolean {
  const at = address.lastIndexOf('@');
  const host = address.slice(at + 1);
  if (!base.includes('@')) return hostWithin(host, base, false);
  const baseAt = base.lastIndexOf('@');
  return (
    address.slice(0, at) === base.slice(0, baseAt) &&
    host.toLowerCase() === base.slice(baseAt + 1).toLowerCase()
  );
}

/** The host of a URI; undefined when it has none or is an address, which 4.2.1.10 says must then be refused. */
function hostOf(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]+)/i.exec(uri)?.[1];
  if (!authority || authority.startsWith('[') || /^\d+(\.\d+){3}$/.test(authority)) return undefined;
  return authority;
}

/** RFC 4632: the base is an address and a mask of the same length. */
function addressWithin(address: Uint8Array, base: Uint8Array, whenUnclear: boolean): boolean {
  const size = base.length / 2;
  if (address.length !== 4 && address.length !== 16) return whenUnclear;
  if (size !== address.length) return size === 4 || size === 16 ? false : whenUnclear;
  return address.every((octet, i) => {
    const mask = base[size + i] ?? 0;
    return (octet & mask) === ((base[i] ?? 0) & mask);
  });
}
