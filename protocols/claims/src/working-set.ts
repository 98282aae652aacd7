import type { Claim } from './claim.ts';
import type { RuleReference } from './compile-rule.ts';
import { finding, RuleError } from './errors.ts';
import { limits } from './limits.ts';

/** A claim, and where it comes from. */
export interface DerivedClaim {
  readonly claim: Claim;
  /** Its place among all claims of the evaluation, from 0. */
  readonly place: number;
  /** How rules came to it, in their order; none for a claim that came in and was left alone. */
  readonly derivations: readonly Derivation[];
  /** Whether it is in the output. */
  readonly isIssued: boolean;
}

/** One rule that made a claim or passed it on. */
export interface Derivation {
  readonly rule: RuleReference;
  readonly how: 'copied' | 'made' | 'looked up';
  /** The claims because of which the rule ran, over all its runs that led to the claim. */
  readonly from: readonly DerivedClaim[];
}

interface Entry extends DerivedClaim {
  readonly derivations: (Derivation & { readonly from: DerivedClaim[] })[];
  isIssued: boolean;
}

/**
 * The claims that rules see: each at most once, in the order in which they came. That `add(claim = c)` has no effect in
 * AD FS shows that it keeps sets as well.
 */
export class WorkingSet {
  readonly claims: DerivedClaim[] = [];
  readonly issued: DerivedClaim[] = [];
  private readonly byType = new Map<string, Entry[]>();
  private readonly byValue = new Map<string, Entry[]>();

  /** Throws `claims.too_many_claims`. */
  constructor(input: readonly Claim[]) {
    for (const claim of input) this.getOrAdd(claim);
  }

  ofType(type: string): readonly DerivedClaim[] {
    return this.byType.get(type) ?? [];
  }

  /** Adds what a rule made or passed on. Throws `claims.too_many_claims`. */
  add(claim: Claim, { rule, how, from }: Derivation, isIssued: boolean): DerivedClaim {
    const entry = this.getOrAdd(claim);
    const last = entry.derivations.at(-1);
    if (last?.rule === rule) last.from.push(...from);
    else entry.derivations.push({ rule, how, from: [...from] });
    if (isIssued && !entry.isIssued) {
      entry.isIssued = true;
      this.issued.push(entry);
    }
    return entry;
  }

  private getOrAdd(claim: Claim): Entry {
    const known = this.byValue.get(claim.value)?.find((entry) => isSame(entry.claim, claim));
    if (known) return known;
    if (this.claims.length === limits.claims) {
      throw new RuleError(finding('claims.too_many_claims', `There are more than ${limits.claims} claims.`));
    }
    const entry: Entry = { claim, place: this.claims.length, derivations: [], isIssued: false };
    this.claims.push(entry);
    append(this.byType, claim.type, entry);
    append(this.byValue, claim.value, entry);
    return entry;
  }
}

function append(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const entries = index.get(key);
  if (entries) entries.push(entry);
  else index.set(key, [entry]);
}

function isSame(left: Claim, right: Claim): boolean {
  if (left === right) return true;
  return (
    left.type === right.type &&
    left.valueType === right.valueType &&
    left.issuer === right.issuer &&
    left.originalIssuer === right.originalIssuer &&
    hasSameProperties(left.properties, right.properties)
  );
}

function hasSameProperties(left: Claim['properties'], right: Claim['properties']): boolean {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && left[key] === right[key])
  );
}
