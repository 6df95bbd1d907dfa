// The narrow menu, lists that fold away when one clicks elsewhere, and what must be asked twice.
function fold(outside) {
  document.querySelectorAll("details.pick[open]").forEach((open) => {
    if (!open.contains(outside)) open.open = false;
  });
}

function toggle(button) {
  const opened = document.getElementById(button.dataset.opens).classList.toggle("open");
  button.setAttribute("aria-expanded", String(opened));
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    fold(event.target);
    const button = event.target.closest("[data-opens]");
    if (button) toggle(button);
  });
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
}
