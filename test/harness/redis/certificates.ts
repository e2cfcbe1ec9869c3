import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of PEM files: a CA of its own, and a certificate from it for 127.0.0.1, for servers and clients. */
export interface Certificates {
  ca: string;
  cert: string;
  key: string;
}

/** Creates certificates that are valid for a day. @param folder where to write them */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args, { timeout: 30_000 });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await writeFile(file('names'), 'subjectAltName=IP:127.0.0.1');
  await openssl(
    'req',
    '-x509',
    ...key,
    '-days',
    '1',
    '-subj',
    '/CN=Test CA',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  );
  await openssl('req', ...key, '-subj', '/CN=redis', '-keyout', file('redis.key'), '-out', file('redis.csr'));
  const authority = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
  await openssl(
    'x509',
    '-req',
    '-in',
    file('redis.csr'),
    ...authority,
    '-days',
    '1',
    '-extfile',
    file('names'),
    '-out',
    file('redis.pem'),
  );
  return { ca: file('ca.pem'), cert: file('redis.pem'), key: file('redis.key') };
}

/** Options of `redis-server` for TLS on a port, besides the plain one. @param clients whether clients need a certificate */
export function tlsOptions(
  { ca, cert, key }: Certificates,
  port: number,
  clients: 'yes' | 'no' = 'no',
): string[] {
  return [
    '--tls-port',
    String(port),
    '--tls-ca-cert-file',
    ca,
    '--tls-cert-file',
    cert,
    '--tls-key-file',
    key,
  ].concat('--tls-auth-clients', clients);
}
