import type { Plan } from '../insurance-api.ts';
import { euros } from './euros.ts';
import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

/** The answer of the API's public endpoint. */
export function plansPage(frame: PageFrame, plans: readonly Plan[]): Html {
  return layout(
    frame,
    'Plans',
    html`<h1>Plans</h1>
<p>Read from the public endpoint of the API, without an access token.</p>
<ul class="tiles">${plans.map(
      ({ name, sum, monthly }) =>
        html`<li class="tile"><h2>${name}</h2><p class="figure">${euros(sum)}</p><p>${euros(monthly)} a month</p></li>`,
    )}</ul>`,
  );
}
