// The drawer: a row's own page, fetched and shown beside the list; its address stays one click away.
const drawer = () => document.getElementById("drawer");

export async function openDrawer(href) {
  await window.htmx.ajax("GET", href, { target: "#drawer-body", select: "#page > *", swap: "innerHTML" });
  const body = document.getElementById("drawer-body");
  body.dataset.href = href;
  body.scrollTop = 0;
  if (!drawer().open) drawer().showModal();
}

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);

export function startDrawer() {
  document.addEventListener("htmx:responseError", ({ detail }) => window.location.assign(detail.pathInfo.requestPath));
  document.addEventListener("click", (event) => {
    if (event.target === drawer()) return drawer().close();
    const row = event.target.closest("tr[data-href]");
    if (!row || !isPlain(event) || window.innerWidth < 900) return undefined;
    const link = event.target.closest("a, button, input");
    if (link && link.getAttribute("href") !== row.dataset.href) return undefined;
    event.preventDefault();
    return openDrawer(row.dataset.href);
  });
}
