import { type Html, html } from './html.ts';
import { layout, type PageFrame } from './layout.ts';

/** What the application can do, for guests and for customers. */
export function homePage(frame: PageFrame, mailPage: string | undefined): Html {
  const { personName } = frame;
  return layout(frame, 'Home', personName === undefined ? guests(mailPage) : customers(personName));
}

function guests(mailPage: string | undefined): Html {
  return html`<section class="hero">
<h1>Insured, in two minutes</h1>
<p>Sign up with your e-mail address, look at your policy, and say who should be looked after.</p>
<p class="actions"><a class="button large" href="/sign-in">Sign in or sign up</a> <a href="/password">Forgot your password?</a></p>
${mailPage && html`<p class="hint">This is a demonstration: the codes that would be sent by mail are shown on <a href="${mailPage}">the mail page of the hub</a>.</p>`}
</section>
<section class="tiles" aria-label="What you can do">
<div class="tile"><h2>Plans for everybody</h2><p>Our plans are public: no account is needed to <a href="/plans">compare them</a>.</p></div>
<div class="tile"><h2>Your policy</h2><p>Your policy is made when you look at it for the first time.</p></div>
<div class="tile"><h2>Safe changes</h2><p>Who receives the money is changed with a second factor only.</p></div>
</section>`;
}

function customers(personName: string): Html {
  return html`<h1>Welcome, ${personName}</h1>
<section class="tiles" aria-label="What you can do">
<a class="tile" href="/policy"><h2>My policy</h2><p>Number, sum and beneficiary.</p></a>
<a class="tile" href="/policy/beneficiary"><h2>Change beneficiary</h2><p>Asks for your second factor.</p></a>
<a class="tile" href="/claims"><h2>My claims</h2><p>What the sign-in told us about you.</p></a>
<a class="tile" href="/plans"><h2>Plans</h2><p>What we offer, read from the public part of the API.</p></a>
<a class="tile" href="/profile"><h2>Edit profile</h2><p>Your name, kept where you sign in.</p></a>
<a class="tile" href="/password"><h2>Reset password</h2><p>With a code that is sent to you by mail.</p></a>
</section>`;
}
