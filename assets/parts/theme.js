// Light, dark, or what the system prefers: kept in a cookie, so that the server draws it right at once.
const YEAR = 365 * 24 * 3600;

function apply(theme) {
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  show();
  document.dispatchEvent(new CustomEvent("themechange"));
}

function current() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen) return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function show() {
  document.querySelectorAll("[data-theme-to]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.themeTo === current()));
  });
}

export function startTheme() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-to]");
    if (button) apply(button.dataset.themeTo);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new CustomEvent("themechange"));
  });
  show();
}
