// Sends the form of a page that only passes something on. Without this script its button does.
document.querySelector('#post').requestSubmit();
