import { z } from 'zod';
import { described, exactlyOneOf, text } from './rules.ts';
import { dataKey, httpUrl, labelName, objectName } from './names.ts';

const configMap = described(
  z.object({ name: objectName('Name of the ConfigMap, in the namespace of the RenderPool.') }),
  'A ConfigMap whose keys are the files; a key cannot hold a /, so this is for flat folders.',
);

const claim = described(
  z.object({
    claimName: objectName('Name of the PersistentVolumeClaim, in the namespace of the RenderPool.'),
  }),
  'A PersistentVolumeClaim; mounted read-only for static files, writable for results.',
);

/** A folder of static files, templates and user resources that is mounted before the image's own. */
export const staticVolumeSchema = described(
  z.object({
    name: labelName('Name of the volume, unique in the pool.', 56),
    configMap: configMap.optional(),
    persistentVolumeClaim: claim.optional(),
  }),
  'A folder of static files; a folder "templates" in it holds templates, "resources" holds resources.',
  [
    exactlyOneOf(
      ['configMap', 'persistentVolumeClaim'],
      'give exactly one of configMap and persistentVolumeClaim',
    ),
  ],
);
export type StaticVolume = z.output<typeof staticVolumeSchema>;

const s3 = described(
  z.object({
    bucket: text(
      'Name of the bucket.',
      /^[a-z0-9][-.a-z0-9]*$/,
      'must be lower-case letters, digits, - and .',
      63,
    ),
    prefix: described(z.string().max(512).default(''), 'Put before the name of every object.'),
    endpoint: httpUrl('URL of the service; default: that of AWS in the region.').optional(),
    region: described(z.string().min(1).max(64).default('us-east-1'), 'Region of the bucket.'),
    publicUrl: httpUrl('URL that the bucket is read at; default: signed URLs.').optional(),
    credentialsSecret: described(
      z.object({
        name: objectName('Name of the Secret, in the namespace of the RenderPool.'),
        accessKeyIdKey: described(dataKey('').default('accessKeyId'), 'Key that holds the access key id.'),
        secretAccessKeyKey: described(
          dataKey('').default('secretAccessKey'),
          'Key that holds the secret access key.',
        ),
      }),
      "The Secret with the credentials; default: the cloud's workload identity of the pods.",
    ).optional(),
  }),
  'An S3 bucket.',
);

const volume = described(
  z.object({
    claimName: objectName('Name of a PersistentVolumeClaim that many pods can write, in the same namespace.'),
    publicUrl: httpUrl('URL that the files of the volume are read at.').optional(),
  }),
  'A volume that a web server gives out.',
);

/** Where documents go that are too large for the queue. */
export const resultStorageSchema = described(
  z.object({ s3: s3.optional(), persistentVolumeClaim: volume.optional() }),
  'Where documents go that are too large for the queue. Without it, such a task fails.',
  [exactlyOneOf(['s3', 'persistentVolumeClaim'], 'give exactly one of s3 and persistentVolumeClaim')],
);
export type ResultStorage = z.output<typeof resultStorageSchema>;
