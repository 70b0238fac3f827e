import * as fc from 'fast-check'

/** How a model may write a token, so that it is still read as that token. */
export interface Writing {
  /** Between label and key. */
  readonly separator: string
  /** Before each pair of the key but the first. */
  readonly gaps: readonly string[]
  /** Which letters are small, over and over. */
  readonly small: readonly boolean[]
  /** So many characters of the key are missing at its end. */
  readonly cut: number
}

const pairs = /[A-Z]\d?/g

/** Ways in which models write tokens: `email-b1c2d3f4g5`, `Email\_B1 C2-D3F4G5`, `EMAIL_B1C2D3F`, and any mixture of these. */
export const writings: fc.Arbitrary<Writing> = fc.record({
  separator: fc.oneof(
    { weight: 3, arbitrary: fc.constant('_') },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.constantFrom('_', '\\', '-', ' '), { minLength: 1, maxLength: 3 })
        .map((all) => all.join('')),
    },
  ),
  gaps: fc.oneof(
    { weight: 3, arbitrary: fc.constant(['', '', '', '']) },
    { weight: 2, arbitrary: fc.array(fc.constantFrom('', ' ', '-'), { minLength: 4, maxLength: 4 }) },
  ),
  small: fc.oneof(
    fc.constantFrom([false], [true], [false, true, true, true, true, true]),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 16 }),
  ),
  cut: fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4),
})

/** A token, `EMAIL_B1C2D3F4G5`, written so. What has another form is left as it is. */
export function writtenAs(token: string, { separator, gaps, small, cut }: Writing): string {
  const [, label, key = ''] = /^([A-Z]+)_((?:[A-Z]\d){5})$/.exec(token) ?? []
  if (label === undefined) return token
  const left = key.slice(0, key.length - cut).match(pairs) ?? []
  // Half a pair is read only right behind the pair before it.
  const spaced = left.map((pair, index) =>
    index === 0 || pair.length === 1 ? pair : `${gaps[index - 1] ?? ''}${pair}`,
  )
  return Array.from(`${label}${separator}${spaced.join('')}`, (letter, index) => {
    return small[index % small.length] === true ? letter.toLowerCase() : letter
  }).join('')
}
