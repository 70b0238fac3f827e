import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { huntArguments } from '../../mutants/arguments.ts'

const root = resolve(import.meta.dirname, '../../..')
const given = (...words: string[]) => huntArguments(words, root)

describe('the arguments of a hunt', () => {
  it('are folders below src, with a seed, a number and a time', () => {
    expect(given('src/sandbox')).toEqual({
      folders: ['src/sandbox'],
      seed: 1,
      count: 150,
      workers: 2,
      steps: 100,
      budget: 1_200_000,
      json: false,
    })
    expect(
      given('src/http/', '--seed', '0', '--count', '7', '--minutes', '3', '--workers', '1', '--steps', '4', '--json'),
    ).toEqual({
      folders: ['src/http'],
      seed: 0,
      count: 7,
      workers: 1,
      steps: 4,
      budget: 180_000,
      json: true,
    })
  })

  it('may be several folders and files', () => {
    expect(given('src/http', './src/core/', 'src/core/json.ts')).toMatchObject({
      folders: ['src/http', 'src/core', 'src/core/json.ts'],
    })
  })

  it.each([
    [[], 'Name a folder below src.'],
    [['src/http', 'docs'], 'docs is not below src.'],
    [['src/http', 'src/nowhere'], 'There is no src/nowhere.'],
    [['test'], 'test is not below src.'],
    [['src/../../..'], 'src/../../.. is not below src.'],
    [['src/nowhere'], 'There is no src/nowhere.'],
    [['src/http', '--seed', 'x'], '--seed takes a whole number.'],
    [['src/http', '--count', '0'], '--count takes a whole number.'],
    [['src/http', '--minutes', '1.5'], '--minutes takes a whole number.'],
    [['src/http', '--fast'], "Unknown option '--fast'."],
  ])('are refused where they are %j', (words, sentence) => {
    const said = given(...words)
    expect(said).toContain(sentence)
    expect(said).toContain('Use: npm run mutants -- FOLDER... [--seed N]')
  })
})
