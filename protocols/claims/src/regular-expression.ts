// Regular expressions as AD FS's rules have them (those of .NET), run by RE2 in time linear in the input. What RE2 lacks,
// and what it reads differently, is refused with advice. Deviation from .NET: \d, \w, \s and \b know ASCII only, $
// does not match before a final line break, and case folding knows no culture.
import { type Matcher, RE2JS } from 're2js';
import { checkPart } from './claim.ts';
import { type FindingCode, finding, RuleError } from './errors.ts';
import { limits } from './limits.ts';

/** A compiled regular expression. */
export interface Pattern {
  /** Whether the expression matches anywhere in the text. */
  isIn(text: string): boolean;
  /**
   * Puts `replacement` in the place of every match, with .NET's substitutions ($1, ${name}, $$, $&, $`, $', $+, $_).
   * Calls `spend` with the work of each search. Throws `claims.part_too_long` when the result outgrows a part of a claim.
   */
  replaceIn(text: string, replacement: string, spend: (work: number) => void): string;
  /** Units of work that one search in a text of this length takes at most. */
  work(length: number): number;
}

/** Compiles a regular expression, as `compilePattern` does. */
export type CompilePattern = (source: string) => Pattern;

/**
 * Makes the compiler of one rule set. It compiles equal expressions once, and throws `claims.pattern_too_large` also when
 * all of them together are too large, counting those that were refused for their size.
 */
export function createPatternCompiler(): CompilePattern {
  const known = new Map<string, Pattern>();
  let left: number = limits.patternSizes;
  const charge = (size: number) => {
    left -= size;
    if (left < 0) throw tooLarge(`All of the rules take more than ${limits.patternSizes} steps.`);
  };
  return (source) => {
    charge(0);
    const pattern = known.get(source) ?? compilePattern(source, charge);
    known.set(source, pattern);
    return pattern;
  };
}

/**
 * Compiles a regular expression. Throws `claims.pattern_unsupported`, `claims.pattern_invalid` and
 * `claims.pattern_too_large`.
 */
export function compilePattern(source: string, charge: (size: number) => void = () => {}): Pattern {
  if (source.length > limits.patternLength) throw tooLarge(`It has more than ${limits.patternLength} characters.`);
  refuseUnsupported(source);
  const compiled = compileLinear(source);
  const size = compiled.programSize();
  charge(size);
  if (size > limits.patternSize) throw tooLarge(`It takes ${size} steps; at most ${limits.patternSize} are allowed.`);
  const substitutions = listSubstitutions(compiled);
  const work = (length: number) => 1 + ((length * size) >> 8);
  return {
    isIn: (text) => compiled.test(text),
    replaceIn: (text, replacement, spend) => {
      const parts = splitReplacement(replacement, substitutions);
      return replaceAll(compiled.matcher(text), text, parts, (length) => spend(searchWeight * work(length)));
    },
    work,
  };
}

/** How much longer finding the groups of a match takes than finding out whether there is one. */
const searchWeight = 8;

function compileLinear(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (cause) {
    throw patternError('claims.pattern_invalid', `${quoted(source)}: ${(cause as Error).message}.`);
  }
}

interface Construct {
  /** Matches at the place where the construct begins. */
  readonly begin: RegExp;
  readonly name: string;
  readonly advice: string;
  /** Whether it is one within brackets, outside of them, or in both places. */
  readonly where: 'class' | 'outside' | 'anywhere';
}

/** .NET's constructs that RE2 lacks or reads differently: "Regular Expression Language - Quick Reference" of .NET. */
const unsupported: readonly Construct[] = [
  {
    begin: /\(\?<?[=!]/y,
    where: 'outside',
    name: 'a look-around',
    advice: 'Use two tests in the condition: =~ and !~.',
  },
  { begin: /\(\?>/y, where: 'outside', name: 'an atomic group', advice: 'Write (?: instead: nothing backtracks here.' },
  { begin: /\(\?\(/y, where: 'outside', name: 'a conditional', advice: 'Write the cases as alternatives: a|b.' },
  { begin: /\(\?#/y, where: 'outside', name: 'a comment', advice: 'Write a comment before the rule by //.' },
  { begin: /\(\?'/y, where: 'outside', name: "a group named (?'name'...)", advice: 'Write (?<name>...).' },
  { begin: /\(\?<\d/y, where: 'outside', name: 'a numbered group', advice: 'Give the group a name: (?<name>...).' },
  { begin: /\(\?<\w*-/y, where: 'outside', name: 'a balancing group', advice: 'Match the parts in several rules.' },
  { begin: /\(\?[a-z-]*[nx]/iy, where: 'outside', name: 'the option n or x', advice: 'Only i, m and s are known.' },
  { begin: /\\[1-9k]/y, where: 'outside', name: 'a back-reference', advice: 'Compare two claims by == instead.' },
  { begin: /\\G/y, where: 'outside', name: '\\G', advice: 'Write ^ for the beginning of the text.' },
  { begin: /\\Z/y, where: 'outside', name: '\\Z', advice: 'Write $ for the end of the text.' },
  { begin: /\\u/y, where: 'anywhere', name: '\\u', advice: 'Write \\x{20AC} for the character U+20AC.' },
  { begin: /\\[ce]/y, where: 'anywhere', name: 'a control character', advice: 'Write it as \\x1B.' },
  { begin: /\\p\{Is/iy, where: 'anywhere', name: 'a named block', advice: 'Name a script instead: \\p{Greek}.' },
  { begin: /-\[/y, where: 'class', name: 'a class subtraction', advice: 'List what the class contains, or write \\[.' },
  { begin: /\[:/y, where: 'class', name: 'a class such as [:alpha:]', advice: 'Write \\p{L}, or \\[ for a bracket.' },
];

function refuseUnsupported(source: string): void {
  let place: Construct['where'] = 'outside';
  let classStart = 0;
  for (let offset = 0; offset < source.length; ) {
    for (const { begin, where, name, advice } of unsupported) {
      begin.lastIndex = offset;
      if ((where !== place && where !== 'anywhere') || !begin.test(source)) continue;
      throw patternError(
        'claims.pattern_unsupported',
        `${quoted(source)} has ${name}, which is not supported.`,
        advice,
      );
    }
    const character = source.charAt(offset);
    if (place === 'outside' && character === '[') {
      place = 'class';
      classStart = offset + (source.startsWith('^', offset + 1) ? 2 : 1);
    } else if (place === 'class' && character === ']' && offset > classStart) {
      place = 'outside';
    }
    offset += character === '\\' ? 2 : 1;
  }
}

/** What stands in a replacement for a part of the input. */
type Substitution = (matcher: Matcher, text: string) => string;

/**
 * The substitutions of .NET ("Substitutions in Regular Expressions"): symbols as they are written, groups by number and
 * name. .NET numbers the groups without a name first, and then those with one; RE2 numbers them by place.
 */
function listSubstitutions(compiled: RE2JS): ReadonlyMap<string, Substitution> {
  const group = (index: number) => (matcher: Matcher) => matcher.group(index) ?? '';
  const byName = Object.entries(compiled.namedGroups());
  const named = new Set(byName.map(([, index]) => index));
  const all = Array.from({ length: compiled.groupCount() }, (_, place) => place + 1);
  const byNumber = [0, ...all.filter((index) => !named.has(index)), ...all.filter((index) => named.has(index))];
  return new Map<string, Substitution>([
    ['$$', () => '$'],
    ['$&', group(0)],
    ['$`', (matcher, text) => text.slice(0, matcher.start())],
    ["$'", (matcher, text) => text.slice(matcher.end())],
    ['$+', group(byNumber.at(-1) as number)],
    ['$_', (_, text) => text],
    ...byNumber.map((index, number) => [`${number}`, group(index)] as const),
    ...byName.map(([name, index]) => [name, group(index)] as const),
  ]);
}

/** Splits a replacement; what names no group stands for itself, as in .NET. */
function splitReplacement(replacement: string, substitutions: ReadonlyMap<string, Substitution>) {
  const parts: (string | Substitution)[] = [];
  let end = 0;
  for (const match of replacement.matchAll(/\$(?:0*(?<group>\d+)|\{(?<name>\w+)\}|[$&`'+_])/g)) {
    const key = match.groups?.['group'] ?? match.groups?.['name'] ?? match[0];
    parts.push(replacement.slice(end, match.index), substitutions.get(key) ?? match[0]);
    end = match.index + match[0].length;
  }
  parts.push(replacement.slice(end));
  return parts;
}

function replaceAll(
  matcher: Matcher,
  text: string,
  parts: readonly (string | Substitution)[],
  spend: (length: number) => void,
): string {
  let result = '';
  let end = 0;
  const append = (more: string) => {
    result = checkPart(result + more);
  };
  for (spend(text.length); matcher.find(); spend(text.length - end)) {
    append(text.slice(end, matcher.start()));
    for (const part of parts) append(typeof part === 'string' ? part : part(matcher, text));
    end = matcher.end();
  }
  append(text.slice(end));
  return result;
}

function tooLarge(why: string): RuleError {
  return new RuleError(finding('claims.pattern_too_large', `The regular expression is too large. ${why}`));
}

function patternError(code: FindingCode, what: string, advice?: string): RuleError {
  return new RuleError(finding(code, `The regular expression ${what}`, undefined, advice));
}

const quoted = (source: string) => JSON.stringify(source);
