// The design's colours as the browser resolves them now; pictures on canvas have no cascade of their own.
const NAMES = {
  love: "--cinnabar",
  money: "--gold-fill",
  social: "--teal",
  customers: "--indigo",
  ink: "--ink",
  soft: "--ink-soft",
  faint: "--ink-faint",
  line: "--line",
  leaf: "--leaf",
  shade: "--shade",
  go: "--go",
  wait: "--wait",
  stop: "--stop",
};

export function tones() {
  const probe = document.createElement("i");
  document.body.append(probe);
  const found = {};
  for (const [name, token] of Object.entries(NAMES)) {
    probe.style.color = `var(${token})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}
