import { parseArgs } from 'node:util'

/**
 * The settings of a training: `--texts 4000` takes the place of a default, `calibrationTexts` is `--calibration-texts`. Throws
 * an Error that names what there is, or what is no number.
 */
export function settingsFrom<Names extends string>(
  parameters: readonly string[],
  defaults: Readonly<Record<Names, number>>,
): Record<Names, number> {
  const names = Object.keys(defaults) as Names[]
  const options = Object.fromEntries(names.map((name) => [optionOf(name), { type: 'string' } as const]))
  const given = parseOptions(parameters, options)
  const settings: Record<Names, number> = { ...defaults }
  for (const name of names) {
    const text = given[optionOf(name)]
    if (text === undefined) continue
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new Error(`--${optionOf(name)} is "${text}", and has to be a whole number from 1 on.`)
    settings[name] = Number(text)
  }
  return settings
}

const optionOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

function parseOptions(
  parameters: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' }>>,
): Readonly<Record<string, string | undefined>> {
  try {
    return parseArgs({ args: [...parameters], options, strict: true }).values
  } catch (cause) {
    const there = Object.keys(options).map((name) => `--${name}`)
    throw new Error(`${(cause as Error).message.split('. ')[0]}. There are: ${there.join(', ')}.`, { cause })
  }
}
