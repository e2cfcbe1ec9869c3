import type { Resource } from '../../renderer/catalogue/resource.ts';
import { binaryCardsSmall } from './binary/binary-cards-small.ts';
import { binaryCards } from './binary/binary-cards.ts';
import { binaryToAlphabet } from './binary/binary-to-alphabet.ts';
import { binaryWindows } from './binary/binary-windows.ts';
import { moduloClock } from './binary/modulo-clock.ts';
import { barcodeChecksumPoster } from './codes/barcode-checksum-poster.ts';
import { parityCards } from './codes/parity-cards.ts';
import { pianoKeys } from './games/piano-keys.ts';
import { trainStations } from './games/train-stations.ts';
import { treasureHunt } from './games/treasure-hunt.ts';
import { arrows } from './programming/arrows.ts';
import { grid } from './programming/grid.ts';
import { jobBadges } from './programming/job-badges.ts';
import { leftRightCards } from './programming/left-right-cards.ts';
import { searchingCards } from './sorting/searching-cards.ts';
import { sortingNetworkCards } from './sorting/sorting-network-cards.ts';
import { sortingNetwork } from './sorting/sorting-network.ts';

/** The teachers' worksheets, by slug; `renderer/sources.ts` puts them into the catalogue. */
export const worksheets: Record<string, Resource> = {
  arrows,
  'barcode-checksum-poster': barcodeChecksumPoster,
  'binary-cards': binaryCards,
  'binary-cards-small': binaryCardsSmall,
  'binary-to-alphabet': binaryToAlphabet,
  'binary-windows': binaryWindows,
  grid,
  'job-badges': jobBadges,
  'left-right-cards': leftRightCards,
  'modulo-clock': moduloClock,
  'parity-cards': parityCards,
  'piano-keys': pianoKeys,
  'searching-cards': searchingCards,
  'sorting-network': sortingNetwork,
  'sorting-network-cards': sortingNetworkCards,
  'train-stations': trainStations,
  'treasure-hunt': treasureHunt,
};
