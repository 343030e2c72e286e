/**
 * Makes a few files of the command line: reading its some three hundred small modules takes longer than everything
 * `bpfleet local` does. What holds native code or is loaded on demand stays out.
 */
import { build } from 'esbuild';

const OUTSIDE = /^(@bpfleet\/coordinator|koffi|nats|commander|pino)$/;

await build({
  // An agent starts a runner for each session, from beside itself.
  entryPoints: {
    bpfleet: 'packages/cli/dist/main.js',
    runner: 'packages/agent/dist/runner/main.js',
  },
  outdir: 'packages/cli/dist/bundle',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  plugins: [
    {
      name: 'outside',
      setup(plan) {
        plan.onResolve({ filter: OUTSIDE }, ({ path }) => ({ path, external: true }));
      },
    },
  ],
});
