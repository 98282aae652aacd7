import type { ExtensionProperty } from '../directory/index.ts';
import { staffFlowName } from './built-in-flow.ts';
import { refuse } from './errors.ts';
import type { UserFlow } from './flow.ts';

/** Policy names stand in a segment of the path between the tenant and `oauth2`. */
const nameForm = /^[a-z][a-z0-9_-]{1,63}$/i;

/** Longest time that a flow may set, in seconds: ten years. */
const longest = 315_360_000;

/**
 * Checks what the types of a definition cannot say.
 * @throws Refusal `user-flows.flow_invalid`
 */
export function checkFlow(flow: UserFlow, extensions: readonly ExtensionProperty[]): void {
  const problem = problems(flow, extensions).next().value;
  if (problem) throw refuse('user-flows.flow_invalid', { name: flow.name, problem });
}

function* problems(flow: UserFlow, extensions: readonly ExtensionProperty[]): Generator<string, undefined> {
  const { name, accountNames, attributes, secondFactor, session, tokens, terms } = flow;
  if (name !== staffFlowName && !nameForm.test(name)) {
    yield 'must be named with 2 to 64 letters, digits, dashes and underscores, beginning with a letter';
  }
  if (accountNames.length === 0) yield 'must allow at least one kind of name to sign in with';
  for (const attribute of attributes) {
    const isOwn = extensions.some((own) => own.name === attribute.name && isAskable(own));
    if (!isOwn && !askableAttributes.has(attribute.name)) yield `cannot ask for ${attribute.name}`;
  }
  if (secondFactor.when !== 'off' && secondFactor.methods.length === 0)
    yield 'asks for a second factor and allows none';
  const times: [string, number | null][] = [
    ['secondFactor.holdsSeconds', secondFactor.holdsSeconds],
    ['session.idleSeconds', session.idleSeconds],
    ['session.absoluteSeconds', session.absoluteSeconds],
    ...Object.entries(tokens),
  ];
  for (const [what, seconds] of times) {
    if (seconds !== null && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= longest)) {
      yield `must have a whole number of seconds between 0 and ${longest} as ${what}`;
    }
  }
  if (terms && !/^https:\/\//.test(terms.url)) yield 'must link to its terms of use by https';
  return undefined;
}

/** Attributes that say nothing about rights, so that people may set them for themselves; and the tenant's own ones. */
const askableAttributes = new Set([
  'displayName',
  'givenName',
  'surname',
  'jobTitle',
  'companyName',
  'streetAddress',
  'postalCode',
  'city',
  'state',
  'country',
  'mobilePhone',
  'preferredLanguage',
  'ageGroup',
]);

/** A field holds one text. */
function isAskable({ targetKinds, isMultiValued, dataType }: ExtensionProperty): boolean {
  return targetKinds.includes('user') && !isMultiValued && dataType !== 'Binary';
}
