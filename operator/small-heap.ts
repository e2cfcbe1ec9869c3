import { setFlagsFromString } from 'node:v8';

// A module of its own, so that main.ts can import it before all others. The operator parses much and keeps little; by default
// V8 lets its heap grow to several times the live data before it collects garbage. V8 reads both flags whenever a heap might
// grow, so they work in a running process, however it was started.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--semi-space-growth-factor=1');
