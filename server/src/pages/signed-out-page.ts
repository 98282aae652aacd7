import { type Html, html } from './html.ts';
import { layout, type PageContext } from './layout.ts';

/** What became of a sign-out. */
export interface SignedOutView {
  /** Addresses by which applications end their sessions. */
  frames: readonly string[];
  /** Names of applications whose sessions may go on. */
  untold: readonly string[];
  /** Where the page leads to by itself. */
  continueTo: string | undefined;
}

/**
 * Says that the session has ended, and loads the addresses by which applications end theirs
 * (OpenID Connect Front-Channel Logout 1.0 3). It leads on when they had a moment for that.
 */
export function signedOutPage(context: PageContext, { frames, untold, continueTo }: SignedOutView): Html {
  const { translate } = context;
  const content = html`<h1>${translate({ key: 'oauth.signed_out' })}</h1>
${continueTo === undefined && html`<p class="cs-lead">${translate({ key: 'oauth.signed_out_lead' })}</p>`}
${untold.length > 0 && html`<p>${translate({ key: 'signOut.untold' })}</p><ul class="cs-list">${untold.map((name) => html`<li>${name}</li>`)}</ul>`}
${continueTo !== undefined && html`<p><a href="${continueTo}">${translate({ key: 'continue.link' })}</a></p>`}
${frames.map((address) => html`<iframe src="${address}" hidden></iframe>`)}`;
  const leading = continueTo === undefined ? {} : { continueTo, continueAfterSeconds: secondsToLoad };
  return layout({ ...context, ...leading }, { key: 'oauth.signed_out' }, content);
}

/** Time for the frames; people who do not want to wait have a link. */
const secondsToLoad = 2;
