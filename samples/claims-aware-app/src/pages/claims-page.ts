import { type Claim, type Person, protocolNames } from '../person.ts';
import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

/** Every claim of the token, and the token itself. */
export function claimsPage(frame: PageFrame, { protocol, tokenKind, claims, token }: Person): Html {
  return layout(
    frame,
    'My claims',
    html`<h1>My claims</h1>
<p>The hub has signed ${claims.length} claims about you in a token of ${tokenKind}, which came by ${protocolNames[protocol]}.</p>
<table role="table">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Claim</th><th role="columnheader" scope="col">Value</th><th role="columnheader" scope="col">Issuer</th></tr></thead>
<tbody role="rowgroup">${claims.map(claimRow)}</tbody>
</table>
<details><summary>The token as it came</summary><pre tabindex="0" role="region" aria-label="The token as it came">${token}</pre></details>`,
  );
}

function claimRow({ type, value, issuer }: Claim): Html {
  return html`<tr role="row"><th role="rowheader" scope="row">${shortName(type)}<small>${type}</small></th><td role="cell">${value}</td><td role="cell"><small>${issuer}</small></td></tr>`;
}

/** What stands behind the last slash of the type. */
function shortName(type: string): string {
  return type.split('/').at(-1) || type;
}
