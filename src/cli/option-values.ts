import { InvalidArgumentError } from 'commander'

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

/** `model.name=qwen3` as an entry of the flags. */
export function assignment(text: string, earlier: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as key=value, like model.name=qwen3.')
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) }
}
