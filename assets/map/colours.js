// The map's colours: a hue for each of the largest communities, a quiet tone for the many small ones.
import { tones } from "../parts/tones.js";

const HUES = [186, 258, 42, 95, 340, 210, 20, 150, 300, 65];

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

function ofHue(hue, saturation, lightness) {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n) => {
    const k = (n + hue / 30) % 12;
    return lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

const channels = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map((one) => Number(one) / 255);

export function colours() {
  const named = tones();
  const rgb = Object.fromEntries(Object.entries(named).map(([name, colour]) => [name, channels(colour)]));
  const palette = HUES.map((hue) => ofHue(hue, 0.42, isDark() ? 0.62 : 0.42));
  return { ...named, rgb, palette: [...palette, rgb.faint], ground: rgb.leaf };
}
