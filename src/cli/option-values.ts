import { InvalidArgumentError } from 'commander'
import { lifetime } from './key-options.ts'
import { limitNames, type RequestedLimits } from '../core/requested-limits.ts'

/** Collects a repeatable option. */
export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value]
}

/** A whole number of at least one. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number of at least 1.')
  return value
}

/** An amount of the currency of prices, in millionths of it. */
export function amount(text: string): number {
  const millionths = /^\d{1,6}(?:\.\d{1,6})?$/.test(text) ? Math.round(Number(text) * 1_000_000) : 0
  if (millionths < 1) throw new InvalidArgumentError('It must be an amount like 0.05, of 0.000001 at least.')
  return millionths
}

/** A SHA-256 as the audit trail writes it. */
export function hash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new InvalidArgumentError('It must be 64 digits of 0-9 and a-f.')
  return text
}

/** A public key of an audit trail, one of several. */
export function publicKey(text: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, hash(text)]
}

/** A date, a time in UTC, or how long ago, like 24h; ISO 8601 as the audit trail writes it. */
export function moment(text: string): string {
  const given = lifetime(text)
  return 'until' in given ? given.until : new Date(Date.now() - given.milliseconds).toISOString()
}

/** `model.name=qwen3` as an entry of the flags. */
export function assignment(text: string, earlier: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as key=value, like model.name=qwen3.')
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) }
}

/** `memory_mb=512` as an entry of the limits. The ceilings are checked later. */
export function limitAssignment(text: string, earlier: RequestedLimits): RequestedLimits {
  const at = text.indexOf('=')
  const [name, value] = [limitNames.find((known) => known === text.slice(0, at)), text.slice(at + 1)]
  if (name === undefined) {
    throw new InvalidArgumentError(`Write it as name=value; the names are ${limitNames.join(', ')}.`)
  }
  if (value.trim() === '' || !Number.isFinite(Number(value))) {
    throw new InvalidArgumentError(`${name} must be a number.`)
  }
  return { ...earlier, [name]: Number(value) }
}

/** What `--approve` says of who is asked; absent, whoever sits there is asked where rules want somebody. */
export const approveChoices = ['never', 'on-write', 'always'] as const

export type Approve = (typeof approveChoices)[number]
