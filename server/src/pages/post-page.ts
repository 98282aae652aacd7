import { type Html, html } from './html.ts';
import { layout, type PageContext } from './layout.ts';
import { pagePolicy } from './policy.ts';

/** A form that is sent on to another site. */
export interface PostedForm {
  /** Where it is posted to. */
  url: string;
  fields: Readonly<Record<string, string>>;
}

/** A page whose form is posted by itself, at once; the button is there for whoever has no JavaScript. */
export function postPage(context: PageContext, { url, fields }: PostedForm): Html {
  const { translate } = context;
  const content = html`<h1>${translate({ key: 'continue.title' })}</h1>
<form method="post" action="${url}" id="post" class="cs-form">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit" class="cs-button cs-primary">${translate({ key: 'continue.link' })}</button>
</form>`;
  return layout(context, { key: 'continue.title' }, content, ['post.js']);
}

/**
 * The policy of such a page: the one of all others, but that its form may be posted. Where to is not narrowed, since
 * browsers hold the whole way of redirects against it, which only the other site knows.
 */
export const postPagePolicy = pagePolicy.replace("form-action 'self'", 'form-action *');
