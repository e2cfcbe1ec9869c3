import { setFlagsFromString } from 'node:v8';

// Imported before all else. The operator parses much and keeps little: as V8 comes, it would let its heap grow to several
// times of what is alive before it looks for garbage. Both flags are read whenever a heap might grow, so that setting them
// in a running process has its full effect, whoever starts it and however.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--semi-space-growth-factor=1');
