/** A schema that our compiler made of a program which prints and keeps a bit of everything, and records that fit it. */
import { EVENT_HEADER_BYTES, type Schema } from '@bpfleet/protocol';
import { compile, Source } from '@bpfleet/lang';
import { withTypes } from '../../../packages/lang/test/targets/types.ts';

const PROGRAM = `kprobe:f {
  printf("%s %d %s %p %r %s\\n", comm, pid, kstack, arg0, buf("ab", 2), str(arg0));
  printf("%s %s %s\\n", ntop(arg0), strftime("%H:%M", nsecs), ksym(arg0));
  print((1, "a", (2, comm))); print(curtask->load); join(arg0);
  @a[comm, pid] = count(); @b = hist(arg0); @c = lhist(arg0, 0, 100, 10); @d[kstack] = avg(arg0);
  @e = stats(arg0); @f[ustack] = min(arg0); @g = tseries(arg0, 1s, 10); @h[1] = (1, comm); @i = macaddr(arg0);
  clear(@a); zero(@b); print(@a, 3); time("%H"); exit();
}`;

function compiled(): Schema {
  const options = { parameters: [], environment: {}, unsafe: true };
  const result = compile(new Source('stdin', PROGRAM), withTypes, options);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('; '));
  return result.spec.schema;
}

export const RICH_SCHEMA: Schema = compiled();

/** One for each event; what is dynamic lies at the end. */
export const RICH_RECORDS: readonly Uint8Array[] = RICH_SCHEMA.events.map((event, index) => {
  const record = new Uint8Array(512);
  const view = new DataView(record.buffer);
  view.setUint32(16, index, true);
  for (const field of 'arguments' in event ? event.arguments : []) {
    if (!field.dynamic) continue;
    view.setUint32(field.offset, 400, true);
    view.setUint32(field.offset + 4, 8, true);
  }
  record.fill(0x61, 400, 408);
  return record.subarray(0, event.kind === 'exit' ? EVENT_HEADER_BYTES + 8 : 512);
});
