import { describe, expect, it } from 'vitest'
import { ValueBeginnings } from '../../../../src/filters/custom/value-list.ts'

describe('whether a listed value has begun at the end of a text', () => {
  const beginnings = new ValueBeginnings(['Project Blue Heron', 'Jean-Luc', 'Müller & Söhne', 'single'])

  it.each(['Project', 'the PROJECT ', 'my project  blue\n', '**project** _blue_ ', '{"to":"Jean', 'muller & '])(
    'is said of its first words, whatever stands between them: %j',
    (text) => expect(beginnings.endsWithin(text)).toBe(true),
  )

  it.each(['', ' ', 'blue', 'project red', 'projects', 'Project Blue Heron', 'single', 'project blue heron is'])(
    'is not said of anything else: %j',
    (text) => expect(beginnings.endsWithin(text)).toBe(false),
  )

  it('is said of none where every value is one word, or there is none', () => {
    for (const values of [['single'], []]) expect(new ValueBeginnings(values).endsWithin('single')).toBe(false)
  })
})
