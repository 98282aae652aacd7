import { protocolNames } from '../person.ts';
import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

export function homePage(frame: PageFrame): Html {
  const { personName } = frame;
  return layout(frame, 'Home', personName === undefined ? strangers : people(personName));
}

const strangers = html`<section class="hero">
<h1>Supplies for partners</h1>
<p>You need no account here: sign in at your own company. What it says about you decides what you may do.</p>
<form action="/sign-in">
<fieldset><legend>How the application asks</legend>
${Object.entries(protocolNames).map(
  ([value, name], index) =>
    html`<label class="choice"><input type="radio" name="protocol" value="${value}"${index === 0 && html` checked`}> ${name}</label>`,
)}
</fieldset>
<p><label for="home">Your company’s domain <small>(optional)</small></label>
<input id="home" name="home" autocomplete="off" spellcheck="false" aria-describedby="home-hint"></p>
<p class="hint" id="home-hint">With it the hub need not ask where you are at home: <code>mycompany.example</code>, <code>jogcloud.com</code></p>
<p><label class="choice"><input type="checkbox" name="fresh"> Ask for my password even if I am signed in</label></p>
<p><button class="button large">Sign in</button></p>
</form>
</section>
<section class="tiles" aria-label="What happens">
<div class="tile"><h2>1. You choose your company</h2><p>The hub lists the organizations that it trusts, or knows yours from a domain.</p></div>
<div class="tile"><h2>2. Your company vouches</h2><p>It signs what it says about you. Your password stays there.</p></div>
<div class="tile"><h2>3. Rules translate</h2><p>The hub turns your company’s groups into roles of this application, and signs anew.</p></div>
</section>`;

function people(personName: string): Html {
  return html`<h1>Welcome, ${personName}</h1>
<section class="tiles" aria-label="What you can do">
<a class="tile" href="/claims"><h2>My claims</h2><p>What the token says about you, and who says it.</p></a>
<a class="tile" href="/orders"><h2>Orders</h2><p>For those whom a claim makes an approver.</p></a>
<a class="tile" href="/sign-in?fresh"><h2>Prove it again</h2><p>A new token, after a new proof at your company.</p></a>
</section>`;
}
