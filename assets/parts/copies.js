// A button beside an address or a key: a press and it can be pasted elsewhere; the button says so for a moment.
const SAID_FOR = 1500;

// Where the browser lets no page write to the clipboard (plain http), the text is at least marked to be copied.
async function written(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
}

async function copy(button) {
  if (!(await written(button.dataset.copy, button.previousElementSibling))) return;
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = words), SAID_FOR);
}

export function startCopies() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button && button.textContent !== button.dataset.copied) copy(button);
  });
}
