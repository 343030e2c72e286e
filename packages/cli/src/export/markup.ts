/** Text as part of SVG: names of what was traced are hostile, and must stay text. */
import { escapeControls } from '@bpfleet/protocol';

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For element content and quoted attributes. Control characters, which XML has no way to write, are shown as `\xNN`. */
export function markup(text: string): string {
  return escapeControls(text)
    .replace(/[&<>"']/g, (character) => MARKUP[character] ?? '')
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
}
