/** Bundles what runs on each kernel: to start tsx and hundreds of modules under emulation takes longer than the tests. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { kernelTests } from './suite-names.ts';

/** Modules find files beside themselves, which are not copied. */
const WHERE_THEY_WERE: Plugin = {
  name: 'where they were',
  setup(plan) {
    plan.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      const text = readFileSync(path, 'utf8').replaceAll('import.meta.url', url);
      return { contents: text, loader: 'ts' };
    });
  },
};

/** @param root the working tree; @param folder receives the bundles. @returns the program to run */
export async function bundleSuites(root: string, folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  const tests = kernelTests(root).map((path) => join(root, path));
  await build({
    entryPoints: [join(root, 'test/kernels/on-one-kernel.ts'), ...tests].map((path) => ({
      in: path,
      out: path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, ''),
    })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    conditions: ['source'],
    // What is loaded by name at run time; some of it holds native code.
    external: ['koffi'],
    plugins: [WHERE_THEY_WERE],
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
    // For packages that are CommonJS inside.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return join(folder, 'on-one-kernel.mjs');
}
