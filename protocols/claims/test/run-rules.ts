import assert from 'node:assert/strict';
import {
  type Claim,
  claimsFrom,
  compileRules,
  type Evaluation,
  evaluateRules,
  type FindingCode,
  type LookUpAttributes,
  RuleError,
  type StatedClaim,
} from '../src/index.ts';

export const provider = 'https://mycompany.example/idp';

/** Claims that the provider of the tests states, as pairs of type and value. */
export function stated(...pairs: readonly (readonly [type: string, value: string])[]): Claim[] {
  return claimsFrom(
    provider,
    pairs.map(([type, value]): StatedClaim => ({ type, value })),
  );
}

export async function run(text: string, input: readonly Claim[], lookUp?: LookUpAttributes): Promise<Evaluation> {
  return evaluateRules(compileRules([{ name: 'rules', text }]), input, lookUp);
}

/** What a rule set issues, as pairs of type and value. */
export async function issued(text: string, input: readonly Claim[], lookUp?: LookUpAttributes): Promise<string[][]> {
  return (await run(text, input, lookUp)).issued.map(({ claim }) => [claim.type, claim.value]);
}

/** Holds against `assert.throws`: a `RuleError` whose first finding has this code and, if given, this place and text. */
export function ruleError(code: FindingCode, place?: string, message?: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RuleError, `${error}`);
    const { at } = error.findings[0];
    assert.equal(error.code, code, error.message);
    if (place !== undefined) assert.equal(at && `${at.line}:${at.column}`, place, error.message);
    if (message) assert.match(error.message, message);
    return true;
  };
}
