/** Where something begins in the text of a rule group; both count from 1, a column is one UTF-16 unit. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text of a rule group, read. */
export interface RuleText {
  readonly rules: readonly Rule[];
  /** Comments after the last rule, one line each. */
  readonly comments: readonly string[];
}

export interface Rule {
  /** `@RuleName`: what people call the rule. */
  readonly name?: string;
  /** `@RuleTemplate`: the template of AD FS that made it; without meaning here, kept. */
  readonly template?: string;
  /** Comments before and within the rule, one line each. */
  readonly comments: readonly string[];
  readonly conditions: readonly Condition[];
  readonly statement: Statement;
  readonly at: Position;
}

/** What must hold for the statement to run. A `select` runs it once for each claim that fits, the others once at most. */
export type Condition =
  | { readonly kind: 'select'; readonly selector: Selector; readonly variable?: string }
  | { readonly kind: 'exists'; readonly selector: Selector; readonly isNegated: boolean }
  | { readonly kind: 'count'; readonly selector: Selector; readonly comparison: Comparison; readonly count: number };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Tests on one claim, all of which must hold; without any, every claim fits. */
export interface Selector {
  readonly tests: readonly Test[];
  readonly at: Position;
}

export interface Test {
  readonly property: Property;
  readonly operator: '==' | '!=' | '=~' | '!~';
  readonly expression: Expression;
  readonly at: Position;
}

/** Names of the parts of a claim as the language spells them. */
export type SimplePropertyName = 'Type' | 'Value' | 'ValueType' | 'Issuer' | 'OriginalIssuer';

export type Property = { readonly name: SimplePropertyName } | { readonly name: 'Properties'; readonly key: string };

export type Expression =
  | { readonly kind: 'text'; readonly text: string; readonly at: Position }
  | { readonly kind: 'property'; readonly variable: string; readonly property: Property; readonly at: Position }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[]; readonly at: Position }
  /** Two or more parts put together by `+`; none of them is itself a `join`. */
  | { readonly kind: 'join'; readonly parts: readonly Expression[]; readonly at: Position };

/** What a rule does: `issue` puts claims into the output and the working set, `add` into the working set only. */
export type Statement = { readonly verb: 'issue' | 'add'; readonly at: Position } & (
  | { readonly kind: 'copy'; readonly variable: string }
  | { readonly kind: 'new'; readonly assignments: readonly Assignment[] }
  | {
      readonly kind: 'query';
      readonly store: string;
      readonly types: readonly string[];
      readonly query: string;
      readonly parameters: readonly Expression[];
    }
);

export interface Assignment {
  readonly property: Property;
  readonly expression: Expression;
  readonly at: Position;
}
