import { currencyOf, magnitudeOf, measureOf } from '../figures/units.ts'

const units =
  /[([]\s*([^)\]]*)\s*[)\]]|\b(?:in)\s+(thousands?|millions?|billions?|usd|eur|gbp|percent|km|kg)\b|(%|[$€£])|[_ ]([kmt]?(?:usd|eur|gbp)|pct|percent|km|kg|cm|lbs|mph|hrs|min|sec)$/giu
const percent = /^(?:%|pct|percent|percentage|per cent|share|in %)$/i

/** What the name of a column says of its numbers: "revenue (usd millions)" is revenue, in dollars, a million each. */
export function unitOfName(name: string): {
  readonly plain: string
  readonly unit: string | null
  readonly scale: number
} {
  let unit: string | null = null
  let scale = 1
  const plain = name.replaceAll(units, (whole, ...groups: unknown[]) => {
    const text = groups.slice(0, 4).find((group) => typeof group === 'string') ?? ''
    for (const word of text.split(/[\s_/]+/)) {
      unit ??= percent.test(word) ? '%' : (currencyOf(word) ?? measureOf(word))
      const [, size = '', money = ''] = /^([kmt])(usd|eur|gbp)$/i.exec(word) ?? []
      unit ??= currencyOf(money)
      if (size !== '') scale = Math.max(scale, /m/i.test(size) ? 1e6 : 1e3)
      if (/^(?:m|mn|mln|000s?|'000)$/i.test(word) || word.length > 2)
        scale = Math.max(scale, /^'?000/.test(word) ? 1e3 : magnitudeOf(word.replace(/s$/, '')))
    }
    return /^[([]/.test(whole) && unit === null && scale === 1 ? whole : ' '
  })
  if (
    unit === null &&
    /(?:^|[_ ])(?:pct|percent|percentage|share|rate|ratio)(?:$|[_ ])/i.test(name) &&
    /pct|percent/i.test(name)
  )
    unit = '%'
  return { plain: plain.trim() === '' ? name : plain, unit, scale }
}
