// The filter bar: addresses without empty wishes, the order kept while filters change, files of what is shown.
const here = () => new URLSearchParams(window.location.search);

function tidy({ detail }) {
  if (!detail.elt.matches("form.filters")) return;
  const asked = detail.formData;
  const chosen = detail.triggeringEvent?.target?.name === "cols" || here().has("cols");
  if (!chosen) asked.delete("cols");
  for (const [name, value] of [...asked]) if (!value) asked.delete(name);
  if (here().get("sort")) asked.set("sort", here().get("sort"));
}

function toFile(event) {
  const link = event.target.closest("a[data-file]");
  if (!link) return;
  const asked = here();
  asked.delete("page");
  asked.set("export", link.dataset.file);
  link.href = `?${asked}`;
}

export function startFilters() {
  document.addEventListener("htmx:configRequest", tidy);
  document.addEventListener("click", toFile, { capture: true });
}
