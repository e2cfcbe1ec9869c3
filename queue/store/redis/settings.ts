export interface RedisAddress {
  host: string;
  port: number;
}

/** Certificates in PEM form; without a `ca` the system's authorities are trusted. */
export interface RedisTls {
  ca?: string | undefined;
  /** The client certificate, for a server that requires one (`tls-auth-clients yes`, Redis' default). */
  cert?: string | undefined;
  key?: string | undefined;
}

/** How to reach Redis: exactly one of address, sentinels and cluster. */
export interface RedisSettings {
  address?: RedisAddress | undefined;
  sentinels?:
    | {
        nodes: RedisAddress[];
        name: string;
        password?: string | undefined;
        /** For the Sentinels themselves; `tls` is for the servers that they monitor. */
        tls?: RedisTls | undefined;
      }
    | undefined;
  cluster?: RedisAddress[] | undefined;
  username?: string | undefined;
  password?: string | undefined;
  database?: number;
  tls?: RedisTls | undefined;
  /** Time limit of a command, in milliseconds; after it the caller gets 503. */
  commandTimeoutMs?: number;
}
