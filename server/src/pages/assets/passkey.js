// Asks the browser for a passkey and sends the answer with the form (WebAuthn Level 3, 5.1). The options come from the
// page; nothing is fetched.
const place = document.querySelector('.cs-passkey');
const form = place?.closest('form');
const field = place?.querySelector('input[name=passkey]');
const failed = place?.querySelector('[role=alert]');

if (place && form && field && globalThis.PublicKeyCredential) {
  const ceremony = place.dataset.ceremony;
  const options = JSON.parse(place.dataset.options);
  const publicKey =
    ceremony === 'create'
      ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
      : PublicKeyCredential.parseRequestOptionsFromJSON(options);

  const send = (credential) => {
    field.value = JSON.stringify(credential.toJSON());
    form.submit();
  };
  const button = form.querySelector('button[value=passkey]');
  if (button) button.hidden = false;
  button?.addEventListener('click', async (event) => {
    event.preventDefault();
    conditional?.abort();
    failed.hidden = true;
    try {
      send(await navigator.credentials[ceremony]({ publicKey }));
    } catch {
      // The person closed the browser's dialog, or there is no passkey: the form is still there.
      failed.hidden = false;
      button.focus();
    }
  });

  let conditional;
  if (place.dataset.conditional !== undefined && (await PublicKeyCredential.isConditionalMediationAvailable?.())) {
    conditional = new AbortController();
    navigator.credentials.get({ publicKey, mediation: 'conditional', signal: conditional.signal }).then(send, () => {});
  }
}
