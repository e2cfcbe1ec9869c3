import { probeCapabilities } from './capabilities.ts';

export default probeCapabilities;
