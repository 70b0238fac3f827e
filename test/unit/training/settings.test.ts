import { describe, expect, it } from 'vitest'
import { settingsFrom } from '../../../training/settings.ts'
import { defaults as names } from '../../../training/names/main.ts'
import { defaults as toxicity } from '../../../training/toxicity/main.ts'

describe('the settings of a training', () => {
  it('are the defaults, in whose place others are given by name', () => {
    expect(settingsFrom([], names)).toEqual(names)
    expect(settingsFrom(['--seed', '7', '--texts=400'], names)).toEqual({ ...names, seed: 7, texts: 400 })
    expect(settingsFrom(['--calibration-texts', '200', '--passes', '1'], toxicity)).toEqual({
      ...toxicity,
      calibrationTexts: 200,
      passes: 1,
    })
  })

  it.each([['0'], ['-3'], ['1.5'], ['many'], ['1e3'], ['']])('are whole numbers from 1 on, and not "%s"', (text) => {
    expect(() => settingsFrom([`--texts=${text}`], names)).toThrow(
      `--texts is "${text}", and has to be a whole number from 1 on.`,
    )
  })

  it.each([[['--text', '4']], [['4']], [['--texts']]])(
    'that there are not are refused, with those that there are: %j',
    (given) => {
      expect(() => settingsFrom(given, names)).toThrow('There are: --seed, --texts, --passes, --rows, --fewest.')
    },
  )
})
