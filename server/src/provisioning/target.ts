import type { ExpressionValue } from './expression/expression.ts';

/**
 * A system that is kept in step, as the engine sees it. `targets/` has the kinds that there are. Nothing throws for what a
 * target answers: outcomes are values, since the log shows them.
 */
export interface Target {
  readonly abilities: TargetAbilities;
  /** Whether objects of the type have the attribute; pure. */
  has(type: string, attribute: string): boolean;
  /** Asks for something small, to see whether address and token are good. */
  test(signal: AbortSignal): Promise<Answer<undefined>>;
  /** Objects whose attribute has the value: none, one, or more when the target holds it several times. */
  find(type: string, attribute: string, value: string, signal: AbortSignal): Promise<Answer<TargetObject[]>>;
  /** Whether it says that it has no object of the type at all. */
  isEmpty(type: string, signal: AbortSignal): Promise<Answer<boolean>>;
  read(type: string, id: string, signal: AbortSignal): Promise<Answer<TargetObject>>;
  /**
   * What would differ; pure. Without `current`, what a new object would get.
   * @throws ExpressionError when the target cannot hold such values
   */
  compare(type: string, current: TargetObject | undefined, values: readonly MappedValue[]): PropertyChange[];
  /** Every property of the object as what gets lost with it, for `reverse` to make it again of that; pure. */
  lossOf(type: string, current: TargetObject): PropertyChange[];
  create(type: string, values: readonly MappedValue[], signal: AbortSignal): Promise<Answer<TargetObject>>;
  update(
    type: string,
    current: TargetObject,
    values: readonly MappedValue[],
    signal: AbortSignal,
  ): Promise<Answer<undefined>>;
  /** Which of the changes, from the log, the object does not have any more; pure. */
  changedSince(type: string, current: TargetObject, changes: readonly PropertyChange[]): PropertyChange[];
  /**
   * How changes from the log are turned round, as far as `current` still has them; pure. Without `current`, the object is
   * to be made again as `changes` say that it was.
   */
  reverse(type: string, current: TargetObject | undefined, changes: readonly PropertyChange[]): Reversal;
  /** Makes the object as the reversal says. @returns its id */
  setBack(
    type: string,
    current: TargetObject | undefined,
    reversal: Reversal,
    signal: AbortSignal,
  ): Promise<Answer<string>>;
  /** Done also when the object is not there any more. */
  remove(type: string, id: string, signal: AbortSignal): Promise<Answer<undefined>>;
  /** Ids of everybody in a group; null when the target does not tell. */
  listMembers(groupId: string, signal: AbortSignal): Promise<Answer<readonly string[] | null>>;
  /** At most `abilities.membersPerRequest` ids; adding a member twice and removing none change nothing. */
  changeMembers(groupId: string, change: MemberChange, signal: AbortSignal): Promise<Answer<undefined>>;
}

export interface TargetAbilities {
  /** Members that one request may add and remove. */
  readonly membersPerRequest: number;
}

/** An object as the target holds it. What `content` means is the target's affair. */
export interface TargetObject {
  readonly id: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** What an attribute of the target should be; null takes the value away. */
export interface MappedValue {
  readonly target: string;
  readonly value: ExpressionValue;
}

/** One property before and after; undefined where it had or has no value. */
export interface PropertyChange {
  readonly name: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What takes logged changes back. */
export interface Reversal {
  readonly changes: readonly PropertyChange[];
  /** Logged changes that were changed again since, and are left so. */
  readonly kept: readonly PropertyChange[];
  /** What the object will be. */
  readonly content: TargetObject['content'];
}

export interface MemberChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export type Answer<Value> = { readonly kind: 'done'; readonly value: Value } | TargetFailure;

/**
 * Why something was not done:
 * - `unauthorized`: the target does not take our token
 * - `forbidden`: the settings of the hub do not let it call the address
 * - `notFound`: the object is gone
 * - `conflict`: another object has one of the names
 * - `refused`: the target will never take this
 * - `busy`: too much at once, or down for a while
 * - `failed`: an error of the target, a cut connection, no answer in time; perhaps it was done nevertheless
 * - `malformed`: the answer cannot be relied on; perhaps it was done nevertheless
 */
export interface TargetFailure {
  readonly kind: 'unauthorized' | 'forbidden' | 'notFound' | 'conflict' | 'refused' | 'busy' | 'failed' | 'malformed';
  /** For the log: what the target said, without tokens. */
  readonly detail: string;
  readonly retryAfterSeconds?: number | undefined;
}
