import { pino, type DestinationStream, type Logger } from 'pino'
import { errorTable, type ErrorCode } from '../core/error-table.ts'
import { inertJson } from '../core/json.ts'
import type { ServiceError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'

export type Log = Logger

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** The stream that lines go to; standard error when left out. */
  readonly destination?: DestinationStream
  /** `json` for a service, `lines` for a person at a terminal; asked for each line, so that it may change. */
  readonly format?: () => 'json' | 'lines'
}

/** Members whose values never reach the log, at the top and one level down. */
const hidden = ['authorization', 'api_key', 'apiKey', 'password', 'credential', 'key', 'token', 'cookie', 'secret']

const shapes: readonly { readonly pattern: RegExp; readonly replacement: string }[] = [
  { pattern: /\b(Bearer)\s+[\w.~+/-]+=*/gi, replacement: '$1 [secret]' },
  { pattern: /\b(sk|sp)[-_][\w-]{8,}/g, replacement: '[secret]' },
  { pattern: /(\/\/[^\s:/@]+:)[^\s@/]+@/g, replacement: '$1[secret]@' },
]

/** Longest message or stack of a foreign error that is kept, in characters. */
const longestText = 4_000

/**
 * What a line says of a fault. A message that went to the caller may repeat what they wrote, so only its code is
 * logged; any other message is found in the log alone.
 */
export function loggedFault(error: ServiceError): { readonly code: ErrorCode; readonly error?: ServiceError } {
  const { status, audience } = errorTable[error.code]
  return { code: error.code, ...(status < 500 && audience === 'caller' ? {} : { error }) }
}

/** Text without what looks like a key: messages of foreign errors can quote a header or a connection string. */
export function redactText(text: string): string {
  return shapes.reduce((redacted, { pattern, replacement }) => redacted.replaceAll(pattern, replacement), text)
}

function redactError(error: Error): object {
  const cause = error.cause instanceof Error ? { cause: redactError(error.cause) } : {}
  const code = 'code' in error ? { code: error.code } : {}
  return {
    type: error.name,
    // A key that the cut goes through would not look like one any more.
    message: redactText(error.message).slice(0, longestText),
    stack: redactText(error.stack ?? '').slice(0, longestText),
    ...code,
    ...cause,
  }
}

/** A log on standard error, one line per entry. Members named like secrets, `Secret`s and keys inside texts are blacked out. */
export function createLog({ level, destination, format = () => 'json' }: LogOptions): Log {
  const target = destination ?? pino.destination({ fd: 2, sync: true })
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: hidden.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    serializers: { error: serializeError, err: serializeError },
    hooks: {
      logMethod(this: Log, parameters: Parameters<pino.LogFn>, method: pino.LogFn): void {
        const redacted = parameters.map((value: unknown) => (typeof value === 'string' ? redactText(value) : value))
        Reflect.apply(method, this, redacted)
      },
    },
  }
  return pino(options, {
    write: (line) => target.write(format() === 'lines' ? readable(line) : inertJson(line)),
  })
}

/** The message of a line, with that of its error: what a person can use while a command runs. */
function readable(line: string): string {
  const { msg, error } = JSON.parse(line) as { readonly msg?: string; readonly error?: { readonly message?: string } }
  const text = [msg, error?.message].filter((part) => part !== undefined).join(': ')
  return `· ${text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')}\n`
}

function serializeError(value: unknown): unknown {
  if (value instanceof Secret) return value.toString()
  return value instanceof Error ? redactError(value) : value
}
