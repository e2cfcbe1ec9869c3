import manifest from '../package.json' with { type: 'json' };

/** The package's name and the version of this build; in an image, the manifest bears the image's version. */
export const { name, version } = manifest;
