import { type Html, html } from './html.ts';
import { layout, type PageContext } from './layout.ts';

/** A page that leads on to another address by itself, at once; a link stands there for whoever switched that off. */
export function continuePage(context: PageContext, url: string): Html {
  const { translate } = context;
  const content = html`<h1>${translate({ key: 'continue.title' })}</h1>
<p><a href="${url}">${translate({ key: 'continue.link' })}</a></p>`;
  return layout({ ...context, continueTo: url }, { key: 'continue.title' }, content);
}
