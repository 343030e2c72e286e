/** Output items as text: byte for byte what bpftrace prints, and with a host column on a fleet. */
import { pairText, spanText } from './correlated-text.ts';
import { escapeControls, escapeLine } from './escape.ts';
import { mapText } from './map-text.ts';
import type { OutputItem } from './output-item.ts';
import { helperMessage, locatedExcerpt, locatedLine } from './source-message.ts';
import { benchmarkResultText, testResultText } from './trial-text.ts';
import { unfiltered, valueText } from './value-text.ts';

export interface TextOptions {
  /** Width of the host column before printed lines; without it there is none. */
  readonly hostColumn?: number;
  /**
   * Make control characters visible: for terminals. `traced`: only those of what was traced, as bpftrace's own users expect
   * of programs that draw; the view has done so in printed lines (`FleetViewOptions.escapeStrings`).
   */
  readonly escape?: boolean | 'traced';
}

export interface RenderedText {
  readonly stream: 'out' | 'err';
  readonly text: string;
}

/** Printed between the events and the maps at the end of a run. */
export const END_OF_EVENTS = '\n\n';

export function renderText(item: OutputItem, options: TextOptions = {}): RenderedText {
  const { stream, text: written } = body(item, options);
  // What a host says of its program, such as names of maps and positions, can be made up as well.
  const text = options.escape === true ? escapeLine(written) : written;
  const host = 'host' in item ? item.host : undefined;
  if (host === undefined || options.hostColumn === undefined) return { stream, text };
  return { stream, text: withHost(text, escapeControls(host).padEnd(options.hostColumn)) };
}

function body(item: OutputItem, options: TextOptions): RenderedText {
  const line = options.escape === true ? escapeLine : unfiltered;
  const content =
    options.escape === undefined || options.escape === false ? unfiltered : escapeLine;
  const filter = content === unfiltered ? unfiltered : escapeControls;
  switch (item.kind) {
    case 'map':
      return out(partialNote(item.reporting) + mapText(item, filter));
    case 'printf':
    case 'time':
      return out(line(item.text));
    case 'cat':
      return out(content(item.text));
    case 'join':
      return out(`${line(item.text)}\n`);
    case 'system':
      // bpftrace ends a command's output once more; among the lines of other hosts that would be an empty one.
      return out(options.hostColumn === undefined ? `${content(item.text)}\n` : content(item.text));
    case 'value':
      return out(`${valueText(item.type, item.value, filter)}\n`);
    case 'errorf':
      return err(locatedLine(item.at, 'ERROR', line(item.message)));
    case 'warnf':
      return err(locatedLine(item.at, 'WARNING', line(item.message)));
    case 'runtime-error':
      return err(locatedExcerpt(item.at, 'WARNING', item.message));
    case 'helper-error': {
      const message = helperMessage(item.helper, item.code);
      const note = `Additional Info - helper: ${item.helper}, retcode: ${item.code}`;
      return err(locatedExcerpt(item.at, 'WARNING', `${message}\n${note}`));
    }
    case 'span':
      return out(spanText(item.span, filter));
    case 'pair':
      return out(pairText(item.pair, filter));
    case 'test-result':
      return out(testResultText(item));
    case 'benchmark-result':
      return out(benchmarkResultText(item));
    case 'lost-events':
      return err(`Lost ${item.count} events\n`);
    case 'attached-probes':
      return err(`Attached ${item.count} probe${item.count === 1 ? '' : 's'}\n`);
  }
}

/** A map that not every host has reported says so. */
function partialNote(reporting: readonly [number, number] | undefined): string {
  if (reporting === undefined || reporting[0] >= reporting[1]) return '';
  return `hosts ${reporting[0]}/${reporting[1]}\n`;
}

/** Lines of several hosts must not run into each other, so a line that is not ended is ended here. */
function withHost(text: string, host: string): string {
  const ended = text.endsWith('\n') ? text.slice(0, -1) : text;
  return ended
    .split('\n')
    .map((line) => `${host}  ${line}\n`)
    .join('');
}

function out(text: string): RenderedText {
  return { stream: 'out', text };
}

function err(text: string): RenderedText {
  return { stream: 'err', text };
}
