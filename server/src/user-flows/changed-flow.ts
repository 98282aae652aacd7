import type { SecondFactorRule, SessionRule, TokenLifetimes, UserFlow } from './flow.ts';

/** What changes in a flow. Of its objects only the members that are given change; texts are taken away by null. */
export interface FlowChange extends Partial<Omit<UserFlow, 'name' | 'secondFactor' | 'session' | 'tokens' | 'texts'>> {
  secondFactor?: Partial<SecondFactorRule>;
  session?: Partial<SessionRule>;
  tokens?: Partial<TokenLifetimes>;
  texts?: Readonly<Record<string, Readonly<Record<string, string | null>> | null>>;
}

/** The flow after the change. */
export function changedFlow(flow: UserFlow, change: FlowChange): UserFlow {
  return {
    ...flow,
    ...change,
    secondFactor: { ...flow.secondFactor, ...change.secondFactor },
    session: { ...flow.session, ...change.session },
    tokens: { ...flow.tokens, ...change.tokens },
    texts: changedTexts(flow.texts, change.texts ?? {}),
  };
}

/** Languages without texts are left out. */
function changedTexts(texts: UserFlow['texts'], changes: NonNullable<FlowChange['texts']>): UserFlow['texts'] {
  const languages = new Set([...Object.keys(texts), ...Object.keys(changes)]);
  const changed = [...languages].map((language) => {
    const change = changes[language];
    const all = change === null ? {} : { ...texts[language], ...change };
    return [language, Object.fromEntries(Object.entries(all).filter(([, text]) => text !== null))] as const;
  });
  return Object.fromEntries(changed.filter(([, own]) => Object.keys(own).length > 0)) as UserFlow['texts'];
}
