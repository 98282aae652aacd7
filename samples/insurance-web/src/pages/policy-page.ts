import type { Policy } from '../insurance-api.ts';
import { euros } from './euros.ts';
import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

/** The policy of the person who is signed in. */
export function policyPage(frame: PageFrame, policy: Policy): Html {
  const facts = [
    ['Policy', policy.number],
    ['Plan', policy.plan],
    ['Sum', euros(policy.sum)],
    ['Holder', policy.holder ?? 'unknown'],
    ['Since', day(policy.since)],
    ['Beneficiary', policy.beneficiary ?? 'nobody yet'],
    ['Last changed', policy.beneficiaryChangedAt && day(policy.beneficiaryChangedAt)],
  ] as const;
  return layout(
    frame,
    'My policy',
    html`<h1>My policy</h1>
<dl class="facts">${facts.map(([name, value]) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p class="actions"><a class="button" href="/policy/beneficiary">Change beneficiary</a></p>
<p class="hint">You will be asked for your second factor.</p>`,
  );
}

const days = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

function day(time: string): string {
  return days.format(new Date(time));
}
