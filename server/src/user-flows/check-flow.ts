import type { ExtensionProperty } from '../directory/index.ts';
import { staffFlowName } from './built-in-flow.ts';
import { refuse } from './errors.ts';
import type { UserFlow } from './flow.ts';
import { isAskable, isClaimable } from './flow-attributes.ts';

/** Policy names stand in a segment of the path between the tenant and `oauth2`. */
const nameForm = /^[a-z][a-z0-9_-]{1,63}$/i;
/** By this name administrators speak of the flow that has none. */
const reservedName = 'staff';

/** Longest time that a flow may set, in seconds: ten years. */
const longest = 315_360_000;

const languageForm = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
const mostTexts = 1000;
const longestText = 2000;

/**
 * Checks what the types of a definition cannot say.
 * @throws Refusal `user-flows.flow_invalid`
 */
export function checkFlow(flow: UserFlow, extensions: readonly ExtensionProperty[]): void {
  const problem = problems(flow, extensions).next().value;
  if (problem) throw refuse('user-flows.flow_invalid', { name: flow.name.slice(0, 100), problem });
}

function* problems(flow: UserFlow, extensions: readonly ExtensionProperty[]): Generator<string, undefined> {
  const { name, type, accountNames, attributes, claims, secondFactor, terms } = flow;
  const isStaff = name === staffFlowName;
  if (!isStaff && !nameForm.test(name)) {
    yield 'must be named with 2 to 64 letters, digits, dashes and underscores, beginning with a letter';
  }
  if (name.toLowerCase() === reservedName) yield 'must have another name: this one stands for the flow without a name';
  if (isStaff && type !== 'signIn' && type !== 'signUpOrSignIn') yield 'must let staff sign in';
  if (accountNames.length === 0 && flow.providers?.length === 0)
    yield 'must allow at least one kind of name to sign in with, or an identity provider';
  const asked = attributes.map((attribute) => attribute.name);
  for (const attribute of asked) if (!isAskable(attribute, extensions)) yield `cannot ask for ${attribute}`;
  for (const claim of claims) if (!isClaimable(claim, extensions)) yield `cannot give the claim ${claim}`;
  for (const one of [...repeated(asked), ...repeated(claims)]) yield `names ${one} twice`;
  if (secondFactor.when !== 'off' && secondFactor.methods.length === 0)
    yield 'asks for a second factor and allows none';
  yield* timeProblems(flow);
  if (terms && !(URL.canParse(terms.url) && new URL(terms.url).protocol === 'https:')) {
    yield 'must link to its terms of use by https';
  }
  yield* textProblems(flow);
  return undefined;
}

function* timeProblems({ secondFactor, session, tokens }: UserFlow): Generator<string> {
  const times: [what: string, seconds: number | null, least: number][] = [
    ['secondFactor.holdsSeconds', secondFactor.holdsSeconds, 0],
    ['session.idleSeconds', session.idleSeconds, 1],
    ['session.absoluteSeconds', session.absoluteSeconds, 1],
    ...Object.entries(tokens).map(([what, seconds]): [string, number | null, number] => [`tokens.${what}`, seconds, 1]),
  ];
  for (const [what, seconds, least] of times) {
    if (seconds !== null && !(Number.isInteger(seconds) && seconds >= least && seconds <= longest)) {
      yield `must have a whole number of seconds between ${least} and ${longest} as ${what}`;
    }
  }
}

function* textProblems({ texts }: UserFlow): Generator<string> {
  for (const [language, own] of Object.entries(texts)) {
    if (!languageForm.test(language))
      yield `has texts in ${language.slice(0, 50)}, which is no language tag such as en`;
    if (Object.values(own).some((text) => text.length > longestText)) {
      yield `has a text in ${language} with more than ${longestText} characters`;
    }
  }
  const count = Object.values(texts).flatMap((own) => Object.keys(own)).length;
  if (count > mostTexts) yield `has more than ${mostTexts} texts`;
}

function repeated(names: readonly string[]): string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}
