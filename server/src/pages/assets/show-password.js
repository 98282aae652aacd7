// Adds a button to every password field that shows what was typed. Without this script the field just stays hidden.
const texts = { en: ['Show', 'Hide'], de: ['Anzeigen', 'Verbergen'] };
const [show, hide] = texts[document.documentElement.lang] ?? texts.en;

for (const input of document.querySelectorAll('input[type=password]')) {
  const frame = document.createElement('div');
  frame.className = 'cs-password';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = show;
  button.setAttribute('aria-pressed', 'false');
  button.setAttribute('aria-controls', input.id);
  button.addEventListener('click', () => {
    const isShown = input.type === 'text';
    input.type = isShown ? 'password' : 'text';
    button.textContent = isShown ? show : hide;
    button.setAttribute('aria-pressed', String(!isShown));
  });
  input.form?.addEventListener('submit', () => {
    input.type = 'password';
  });
  input.replaceWith(frame);
  frame.append(input, button);
}
