#!/usr/bin/env node
'use strict';
/**
 * The command. Detaching many probes waits for the kernel on many worker threads at once, and how many there are is
 * decided with the first work that they get; the variable is no business of programs started from here.
 */
const { stat } = require('node:fs');

if (process.env.UV_THREADPOOL_SIZE === undefined) {
  process.env.UV_THREADPOOL_SIZE = '64';
  stat('/', () => undefined);
  delete process.env.UV_THREADPOOL_SIZE;
}

void import('../dist/bundle/bpfleet.mjs');
