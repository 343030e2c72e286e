#!/usr/bin/env node
import '../dist/bundle/bpfleet.mjs';
