import { ConfigError, quote } from "@sonde/core";
import type { Redis } from "ioredis";

/** The packages that a queue needs, which are installed where one is wanted. */
export interface QueuePackages {
  readonly bullmq: typeof import("bullmq");
  readonly ioredis: Pick<typeof import("ioredis"), "Redis">;
}

/** Loads BullMQ and ioredis. Throws `ConfigError` where they are not installed. */
export async function queuePackages(): Promise<QueuePackages> {
  try {
    return { bullmq: await import("bullmq"), ioredis: await import("ioredis") };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new ConfigError("a queue needs the packages bullmq and ioredis: npm install bullmq ioredis beside sonde");
  }
}

/** A connection that is waited for, or that fails soon. */
export interface Connection {
  readonly redis: Redis;
  readonly close: () => void;
}

/** Milliseconds within which Redis must answer at first. */
const patience = 5000;

/**
 * Connects to Redis (6.2 or later) or Valkey at `redis://`, `rediss://` or the path of a socket.
 *
 * A connection that was there once is waited for when it goes: `refused` is told why it is not there. Throws `ConfigError` where there is none at the beginning; the address is named without its password.
 */
export async function connect(
  { ioredis }: QueuePackages,
  url: string,
  refused: (reason: string) => void = () => {},
): Promise<Connection> {
  const address = addressOf(url);
  const redis = new ioredis.Redis(url.replace(/^unix:\/\//, ""), {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    connectTimeout: patience,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  });
  let reason = "no answer";
  let connected = false;
  redis.on("error", (error: Error & { code?: string }) => {
    reason = error.code ?? error.message;
    if (connected) refused(`Redis at ${address} is not there (${reason}): waiting for it`);
  });
  const timer = new AbortController();
  const late = new Promise<never>((_, reject) => {
    const timeout = setTimeout(
      () => reject(new ConfigError(`Redis at ${address} cannot be reached (${reason}): start it, or give another address`)),
      patience,
    );
    timer.signal.addEventListener("abort", () => clearTimeout(timeout));
  });
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), late]);
    connected = true;
  } catch (error) {
    redis.disconnect();
    if (error instanceof ConfigError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError(
      `Redis at ${address} cannot be reached (${code ?? (reason === "no answer" ? message : reason)}): start it, or give another address`,
    );
  } finally {
    timer.abort();
  }
  return { redis, close: () => redis.disconnect() };
}

/** Where Redis is, without user and password. Throws `ConfigError` for what is no address. */
function addressOf(url: string): string {
  if (/^(unix:\/\/)?\//.test(url)) return quote(url.replace(/^unix:\/\//, ""));
  const expected = "write redis://HOST:6379, rediss://HOST:6379 or the path of a socket";
  if (!/^rediss?:\/\//.test(url) || !URL.canParse(url))
    throw new ConfigError(`the address of Redis is not understood: ${expected}`);
  const { hostname, port } = new URL(url);
  return `${hostname || "localhost"}:${port || 6379}`;
}

/** The queue of a plan: cells of other plans never mix with it. */
export function queueName(hash: string): string {
  return `sonde-sweep-${hash}`;
}

/** What a worker is told of a cell. */
export interface CellJob {
  readonly cell: number;
  readonly id: string;
}
