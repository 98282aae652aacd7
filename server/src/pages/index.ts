/**
 * HTML for end users: a page from the form that a step describes, in the person's language and the tenant's colours. Every
 * page works without JavaScript under a policy that allows no inline script or style. Relies on `user-flows` for the
 * forms; decides nothing.
 */
export { assetsPath, type PageAsset, pageAssets } from './assets.ts';
export { type Brand, brandOf, brandPath, findBrandStyleSheet } from './brand.ts';
export { continuePage } from './continue-page.ts';
export { formPage } from './form.ts';
export { type Html, print } from './html.ts';
export type { PageContext } from './layout.ts';
export { acceptedLanguages, chooseLanguage, hasMessage, languages, translator } from './messages/index.ts';
export { pagePolicy, policyWithFrames } from './policy.ts';
export { type PostedForm, postPage, postPagePolicy } from './post-page.ts';
export { type SignedOutView, signedOutPage } from './signed-out-page.ts';
