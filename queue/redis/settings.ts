export interface RedisAddress {
  host: string;
  port: number;
}

/** Where Redis is and how to get in; exactly one of address, sentinels and cluster. */
export interface RedisSettings {
  address?: RedisAddress | undefined;
  sentinels?: { nodes: RedisAddress[]; name: string; password?: string | undefined } | undefined;
  cluster?: RedisAddress[] | undefined;
  username?: string | undefined;
  password?: string | undefined;
  database?: number;
  tls?: { ca?: string | undefined; rejectUnauthorized?: boolean } | undefined;
  /** How long a command may take, in milliseconds; then the caller is answered 503. */
  commandTimeoutMs?: number;
}
