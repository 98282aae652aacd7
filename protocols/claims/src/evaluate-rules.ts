import { type Claim, checkPart, localAuthority, stringValueType } from './claim.ts';
import type { CompiledRule, CompiledStatement } from './compile-rule.ts';
import type { RuleSet } from './compile-rules.ts';
import { type Context, itemAt } from './compiled-expression.ts';
import { finding, RuleError } from './errors.ts';
import { findRuns, type Run } from './find-runs.ts';
import { limits } from './limits.ts';
import type { SimplePropertyName } from './syntax-tree.ts';
import { type DerivedClaim, WorkingSet } from './working-set.ts';

/** What a rule asks an attribute store. */
export interface AttributeQuery {
  readonly store: string;
  /** The claim types that are to be made of the answer. */
  readonly types: readonly string[];
  /** The query as the rule has it, with {0}, {1} and so on where the parameters belong. */
  readonly query: string;
  readonly parameters: readonly string[];
}

/** Asks an attribute store. Answers with the values for each of the types, in their order. */
export type LookUpAttributes = (query: AttributeQuery) => Promise<readonly (readonly string[])[]>;

/** What came of a rule set. */
export interface Evaluation {
  /** The output, in the order in which it was issued. */
  readonly issued: readonly DerivedClaim[];
  /** Every claim that came in or was made, in order. */
  readonly claims: readonly DerivedClaim[];
  /** What came of each rule, in order. */
  readonly outcomes: readonly RuleOutcome[];
}

export interface RuleOutcome {
  readonly rule: CompiledRule;
  /** How many claims there were when the rule ran; it saw these first ones of `claims`. */
  readonly seen: number;
  /** How often the statement ran. */
  readonly runs: number;
  /** What the statement made or copied. */
  readonly made: readonly DerivedClaim[];
  /** How many claims were left out because they had no value. */
  readonly empty: number;
  /** Place of the condition that could not be met, when the statement did not run. */
  readonly failedAt?: number;
}

/**
 * Runs each rule of the set once, in order, over the claims that came in and those that earlier rules made. A rule does
 * not see what it makes itself, so that nothing can loop. Throws `RuleError` where a limit is passed
 * (`claims.too_many_claims`, `claims.too_many_combinations`, `claims.part_too_long`, `claims.too_much_work`) and where
 * `lookUp` is needed and missing (`claims.no_attribute_stores`); what `lookUp` throws goes through.
 */
export async function evaluateRules(
  ruleSet: RuleSet,
  input: readonly Claim[],
  lookUp: LookUpAttributes = refuseLookUp,
): Promise<Evaluation> {
  for (const claim of input) checkClaim(claim);
  const set = new WorkingSet(input);
  const spend = allowWork();
  const outcomes: RuleOutcome[] = [];
  for (const rule of ruleSet.rules) {
    const { reference, source, statement } = rule;
    const isIssued = source.statement.verb === 'issue';
    try {
      const seen = set.claims.length;
      const { runs, ...failure } = findRuns(rule, set, spend);
      const made: DerivedClaim[] = [];
      let empty = 0;
      for (const run of runs) {
        const claims = makeClaims(rule, run, lookUp, spend);
        const derivation = { rule: reference, how: howByKind[statement.kind], from: run.from };
        for (const claim of Array.isArray(claims) ? claims : await claims) {
          if (claim.type && claim.value) made.push(set.add(claim, derivation, isIssued));
          else empty++;
        }
      }
      outcomes.push({ rule, seen, runs: runs.length, made, empty, ...failure });
    } catch (error) {
      throw error instanceof RuleError ? error.placed(source.at, reference.group) : error;
    }
  }
  return { issued: set.issued, claims: set.claims, outcomes };
}

const howByKind = { copy: 'copied', new: 'made', query: 'looked up' } as const;

async function refuseLookUp({ store }: AttributeQuery): Promise<never> {
  throw new RuleError(finding('claims.no_attribute_stores', `The attribute store ${store} cannot be asked here.`));
}

function checkClaim({ properties, ...parts }: Claim): void {
  for (const text of [...Object.values(parts), ...Object.entries(properties).flat()]) checkPart(text);
}

function allowWork(): Context['spend'] {
  let left: number = limits.work;
  return (work) => {
    left -= work;
    if (left >= 0) return;
    throw new RuleError(finding('claims.too_much_work', 'The rules take too much work for these claims.'));
  };
}

type NewStatement = Extract<CompiledStatement, { kind: 'new' }>;

/** Runs the statement once. Only for a query is there something to wait for. */
function makeClaims(
  { statement }: CompiledRule,
  { bound }: Run,
  lookUp: LookUpAttributes,
  spend: Context['spend'],
): Claim[] | Promise<Claim[]> {
  const context = { bound, spend };
  switch (statement.kind) {
    case 'copy':
      return [itemAt(bound, statement.place).claim];
    case 'new':
      return [makeClaim(statement, context)];
    case 'query': {
      spend(limits.queryWork);
      const { store, types, query } = statement;
      const parameters = statement.parameters.map((read) => read(context));
      return lookUp({ store, types, query, parameters }).then((answer) =>
        types.flatMap((type, place) => (answer[place] ?? []).map((value) => claimFromStore(type, value))),
      );
    }
  }
}

function claimFromStore(type: string, value: string): Claim {
  const issuer = localAuthority;
  return { type, value: checkPart(value), valueType: stringValueType, issuer, originalIssuer: issuer, properties: {} };
}

/** A part that is given as an empty text counts as not given. */
function makeClaim({ parts, properties }: NewStatement, context: Context): Claim {
  const part = (name: SimplePropertyName) => checkPart(parts[name]?.(context) ?? '');
  const issuer = part('Issuer') || localAuthority;
  const given = properties.map(([key, read]) => [key, checkPart(read(context))] as const);
  return {
    type: part('Type'),
    value: part('Value'),
    valueType: part('ValueType') || stringValueType,
    issuer,
    originalIssuer: part('OriginalIssuer') || issuer,
    properties: Object.fromEntries(given.filter(([, text]) => text)),
  };
}
