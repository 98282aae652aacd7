/** Bounds that keep every operation of this package small, whoever wrote the rules and whatever claims come in. */
export const limits = {
  /** Characters in the text of one rule group. */
  textLength: 524_288,
  /** Rules in one rule set, over all its groups. */
  rules: 2_000,
  /** Conditions of one rule, and tests in one condition. */
  conditions: 64,
  /** Functions inside functions. */
  depth: 16,
  /** Characters in a regular expression, and instructions in its compiled form. */
  patternLength: 1_000,
  patternSize: 2_000,
  /** Instructions in all the different regular expressions of a rule set. */
  patternSizes: 200_000,
  /** Claims in the input, and in the working set as rules add to it. */
  claims: 5_000,
  /** Characters in any part of a claim. */
  partLength: 32_768,
  /** Ways in which the conditions of one rule may fit the claims. */
  combinations: 10_000,
  /** Units of work of one evaluation: a claim looked at is one, a regular expression costs by its size and its input. */
  work: 1_000_000,
  /** Units of work that one question to an attribute store counts for. */
  queryWork: 10_000,
} as const;
