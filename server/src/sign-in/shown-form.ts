import type { Block, Form, Input, Problem } from '../user-flows/index.ts';
import type { SignIn } from './sign-in.ts';

type ShownState = SignIn['shown'];

/** Names of fields whose text is never kept, whatever step they belong to. */
const secretFields = /password|code|csrf|passkey|action/i;

/** How the page is shown next after it was posted with problems. What was typed is kept, except secrets. */
export function shownAgain(problems: readonly Problem[], input: Input): ShownState {
  const typed = Object.entries(input).filter(([name]) => !secretFields.test(name));
  return { problems, typed: Object.fromEntries(typed) };
}

/** The form with what was typed before, and with what was wrong with it. */
export function withShown(form: Form, { problems, typed }: ShownState): Form {
  const fields = new Set(form.blocks.flatMap((block) => (block.kind === 'field' ? [block.name] : [])));
  const notices = problems
    .filter(({ field }) => field === null || !fields.has(field))
    .map(({ text }): Block => ({ kind: 'notice', tone: 'error', text }));
  const blocks = form.blocks.map((block): Block => {
    if (block.kind !== 'field') return block;
    const value = typed[block.name] ?? block.value;
    const error = problems.find(({ field }) => field === block.name)?.text;
    return { ...block, ...(value !== undefined && { value }), ...(error && { error }) };
  });
  return { ...form, blocks: [...notices, ...blocks] };
}
