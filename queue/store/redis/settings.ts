export interface RedisAddress {
  host: string;
  port: number;
}

/** Certificates in PEM form; without a `ca` the machine's own authorities are trusted. */
export interface RedisTls {
  ca?: string | undefined;
  /** What this client shows, where the server asks for it (`tls-auth-clients yes`, Redis' default). */
  cert?: string | undefined;
  key?: string | undefined;
}

/** Where Redis is and how to get in; exactly one of address, sentinels and cluster. */
export interface RedisSettings {
  address?: RedisAddress | undefined;
  sentinels?:
    | {
        nodes: RedisAddress[];
        name: string;
        password?: string | undefined;
        /** For the Sentinels themselves; `tls` is for the servers that they name. */
        tls?: RedisTls | undefined;
      }
    | undefined;
  cluster?: RedisAddress[] | undefined;
  username?: string | undefined;
  password?: string | undefined;
  database?: number;
  tls?: RedisTls | undefined;
  /** How long a command may take, in milliseconds; then the caller is answered 503. */
  commandTimeoutMs?: number;
}
