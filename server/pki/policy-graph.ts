import type { CertificatePolicy, PolicyMapping } from './extensions.ts';
import { anyPolicy } from './oids.ts';

interface PolicyNode {
  readonly policy: string;
  expected: ReadonlySet<string>;
  readonly parents: Set<PolicyNode>;
}

/** Policies of one certificate beyond which the path is not accepted. */
const MAX_POLICIES = 256;

/**
 * The valid policies of a path as a graph (RFC 9618, which replaces the tree of RFC 5280 6.1 because hostile
 * certificates could make that one exponentially large). One level a certificate, one node a policy and level.
 */
export class PolicyGraph {
  readonly #levels: Map<string, PolicyNode>[] = [
    new Map([[anyPolicy, { policy: anyPolicy, expected: new Set([anyPolicy]), parents: new Set() }]]),
  ];

  /** The graph is NULL: no policy holds for the whole path. */
  get isEmpty(): boolean {
    return this.#last.size === 0;
  }

  get #last(): Map<string, PolicyNode> {
    return this.#levels.at(-1) ?? new Map();
  }

  /** RFC 9618 5.2 (RFC 5280 6.1.3 (d), (e)). `anyAllowed`: anyPolicy in this certificate counts. */
  process(policies: readonly CertificatePolicy[] | undefined, anyAllowed: boolean): void {
    const previous = this.#last;
    const level = new Map<string, PolicyNode>();
    this.#levels.push(level);
    if (!policies || policies.length > MAX_POLICIES) return;
    const expecting = expectations(previous);
    const any = previous.get(anyPolicy);
    for (const { id } of policies) {
      if (id === anyPolicy) continue;
      const parents = expecting.get(id) ?? (any ? [any] : undefined);
      if (parents) level.set(id, node(id, parents));
    }
    if (anyAllowed && policies.some(({ id }) => id === anyPolicy)) {
      for (const [id, parents] of expecting) if (!level.has(id)) level.set(id, node(id, parents));
    }
    this.#prune();
  }

  /** RFC 9618 5.3 (RFC 5280 6.1.4 (b)). */
  map(mappings: readonly PolicyMapping[], mappingAllowed: boolean): void {
    const level = this.#last;
    const subjects = new Map<string, Set<string>>();
    for (const { issuerDomain, subjectDomain } of mappings.slice(0, MAX_POLICIES)) {
      const set = subjects.get(issuerDomain) ?? new Set();
      subjects.set(issuerDomain, set.add(subjectDomain));
    }
    for (const [id, expected] of subjects) {
      const existing = level.get(id);
      if (!mappingAllowed) level.delete(id);
      else if (existing) existing.expected = expected;
      else if (level.has(anyPolicy)) {
        const above = this.#levels.at(-2)?.get(anyPolicy);
        if (above) level.set(id, { ...node(id, [above]), expected });
      }
    }
    this.#prune();
  }

  /**
   * RFC 9618 5.4 (RFC 5280 6.1.5 (g)): the policies of the anchor's domain that the user accepts too;
   * `anyPolicy` in it means any.
   */
  userConstrained(accepted: ReadonlySet<string>): ReadonlySet<string> {
    const anyRemains = this.#last.has(anyPolicy);
    const domain = this.#authorityConstrained();
    if (accepted.has(anyPolicy)) return anyRemains ? domain.add(anyPolicy) : domain;
    const both = new Set([...accepted].filter((policy) => domain.has(policy)));
    return anyRemains ? new Set([...both, ...accepted]) : both;
  }

  /** Policies right below an anyPolicy node: those the path was opened for, before any mapping. */
  #authorityConstrained(): Set<string> {
    const result = new Set<string>();
    for (const level of this.#levels) {
      for (const { policy, parents } of level.values()) {
        if (policy !== anyPolicy && [...parents].some((parent) => parent.policy === anyPolicy)) {
          result.add(policy);
        }
      }
    }
    return result;
  }

  /** Removes nodes above the last level that have lost all children. */
  #prune(): void {
    for (let depth = this.#levels.length - 1; depth > 0; depth--) {
      const used = new Set([...(this.#levels[depth]?.values() ?? [])].flatMap(({ parents }) => [...parents]));
      const above = this.#levels[depth - 1];
      for (const [id, candidate] of above ?? []) if (!used.has(candidate)) above?.delete(id);
    }
  }
}

function node(policy: string, parents: Iterable<PolicyNode>): PolicyNode {
  return { policy, expected: new Set([policy]), parents: new Set(parents) };
}

function expectations(level: ReadonlyMap<string, PolicyNode>): Map<string, PolicyNode[]> {
  const byPolicy = new Map<string, PolicyNode[]>();
  for (const candidate of level.values()) {
    for (const policy of candidate.expected) {
      const nodes = byPolicy.get(policy);
      if (nodes) nodes.push(candidate);
      else byPolicy.set(policy, [candidate]);
    }
  }
  return byPolicy;
}
