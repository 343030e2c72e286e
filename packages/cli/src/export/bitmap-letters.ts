/** Letters for pictures, three dots wide and five high. */
import type { Picture, Rgb } from './png.ts';

/** Of each row an octal digit, whose bits are its dots. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ '0': '75557', '1': '26227', '2': '71747', '3': '71317', '4': '55711' },
  ...{ '5': '74717', '6': '74757', '7': '71222', '8': '75757', '9': '75717' },
  ...{ A: '25755', B: '65656', C: '34443', D: '65556', E: '74647', F: '74644', G: '34553' },
  ...{ H: '55755', I: '72227', J: '11152', K: '55655', L: '44447', M: '57755', N: '65555' },
  ...{ O: '25552', P: '65644', Q: '25563', R: '65655', S: '34216', T: '72222', U: '55557' },
  ...{ V: '55552', W: '55775', X: '55255', Y: '55222', Z: '71247' },
  ...{ '[': '64446', ']': '31113', '(': '24442', ')': '21112', ',': '00024', '.': '00002' },
  ...{ ':': '02020', ';': '02024', '-': '00700', '+': '02720', '@': '25743', '/': '11244' },
  ...{ _: '00007', '=': '07070', '%': '51245', '#': '57575', '*': '05250', '<': '12421' },
  ...{ '>': '42124', "'": '22000', '"': '55000', '!': '22202', ' ': '00000', $: '36236' },
};
/** A box for all others. */
const UNKNOWN = '75557';

const DOTS = { width: 4, height: 5 } as const;

export function textWidth(text: string, scale: number): number {
  return Array.from(text).length * DOTS.width * scale;
}

/** Small letters are drawn as capitals. */
export function drawText(
  picture: Picture,
  [left, top]: readonly [number, number],
  text: string,
  { scale, color }: { readonly scale: number; readonly color: Rgb },
): void {
  for (const [index, letter] of Array.from(text).entries()) {
    const rows = LETTERS[letter.toUpperCase()] ?? UNKNOWN;
    for (const [row, digit] of Array.from(rows).entries()) {
      for (let column = 0; column < 3; column++) {
        if ((Number(digit) & (4 >> column)) === 0) continue;
        const x = left + (index * DOTS.width + column) * scale;
        picture.fill(x, top + row * scale, scale, scale, color);
      }
    }
  }
}
