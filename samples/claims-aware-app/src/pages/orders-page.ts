import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

const orders = [
  { number: '4711', what: '12 label printers', total: '€2,340' },
  { number: '4712', what: 'Paper for a year', total: '€980' },
  { number: '4715', what: '3 standing desks', total: '€1,770' },
];

/** What only some may see. */
export function ordersPage(frame: PageFrame): Html {
  return layout(
    frame,
    'Orders',
    html`<h1>Orders that wait for approval</h1>
<ul class="tiles">${orders.map(
      ({ number, what, total }) =>
        html`<li class="tile"><h2>${what}</h2><p class="figure">${total}</p><p>Order ${number}</p></li>`,
    )}</ul>`,
  );
}

export function forbiddenPage(frame: PageFrame, role: string): Html {
  return layout(
    frame,
    'Orders',
    html`<h1>Only for approvers</h1>
<p class="notice error" role="alert">No claim of yours says <code>role = ${role}</code>.</p>
<p>Your company decides about its groups, and the rules at the hub which of them become this role. <a href="/claims">Your claims</a> show what came of it.</p>`,
  );
}
