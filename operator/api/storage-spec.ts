import { z } from 'zod';
import { described, exactlyOneOf, text } from './rules.ts';
import { dataKey, httpUrl, labelName, objectName } from './names.ts';

const configMap = described(
  z.object({ name: objectName('Name of the ConfigMap, in the namespace of the RenderPool.') }),
  'A ConfigMap; each key is a file. Keys cannot contain /, so this suits flat folders only.',
);

const claim = described(
  z.object({
    claimName: objectName('Name of the PersistentVolumeClaim, in the namespace of the RenderPool.'),
  }),
  'A PersistentVolumeClaim, mounted read-only.',
);

/** A folder of static files, templates and user resources, searched before the folders of the image. */
export const staticVolumeSchema = described(
  z.object({
    name: labelName('Name of the volume, unique within the pool.', 56),
    configMap: configMap.optional(),
    persistentVolumeClaim: claim.optional(),
  }),
  'A folder of static files; its subfolders "templates" and "resources" hold templates and resources.',
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
    prefix: described(z.string().max(512).default(''), 'Prefix of every object name.'),
    endpoint: httpUrl('URL of the service. Default: AWS, in the region.').optional(),
    region: described(z.string().min(1).max(64).default('us-east-1'), 'Region of the bucket.'),
    publicUrl: httpUrl('URL that clients read the bucket at. Default: signed URLs.').optional(),
    credentialsSecret: described(
      z.object({
        name: objectName('Name of the Secret, in the namespace of the RenderPool.'),
        accessKeyIdKey: described(
          dataKey('').default('accessKeyId'),
          'Key of the access key id in the Secret.',
        ),
        secretAccessKeyKey: described(
          dataKey('').default('secretAccessKey'),
          'Key of the secret access key in the Secret.',
        ),
      }),
      "The Secret with the credentials. Default: the cloud's workload identity of the pods.",
    ).optional(),
  }),
  'An S3 bucket.',
);

const volume = described(
  z.object({
    claimName: objectName(
      'Name of a ReadWriteMany PersistentVolumeClaim in the namespace of the RenderPool.',
    ),
    publicUrl: httpUrl('URL that clients read the files of the volume at.').optional(),
  }),
  'A volume that a web server serves.',
);

/** Where renderers store documents that are too large for the queue. */
export const resultStorageSchema = described(
  z.object({ s3: s3.optional(), persistentVolumeClaim: volume.optional() }),
  'Where renderers store documents that are too large for the queue. Without it, such tasks fail.',
  [exactlyOneOf(['s3', 'persistentVolumeClaim'], 'give exactly one of s3 and persistentVolumeClaim')],
);
export type ResultStorage = z.output<typeof resultStorageSchema>;
