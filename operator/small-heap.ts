import { setFlagsFromString } from 'node:v8';

// Imported before everything else. The operator parses much and keeps little: with V8's defaults its heap grows to several
// times the size of the live objects before garbage is collected. V8 reads both flags whenever a heap may grow, so they take
// full effect in a running process, however it was started.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--semi-space-growth-factor=1');
