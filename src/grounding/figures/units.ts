const currencies: ReadonlyMap<string, string> = new Map(
  Object.entries({
    USD: '$ us$ usd dollar dollars',
    EUR: '€ eur euro euros',
    GBP: '£ gbp pound pounds',
    JPY: '¥ jpy yen',
    INR: '₹ inr rupee rupees rs',
    CHF: 'chf franken francs',
    CNY: 'cny yuan rmb',
  }).flatMap(([code, names]) => names.split(' ').map((name): [string, string] => [name, code])),
)

/** Units that stand for one another in no table: a figure with one is none of a column with another of the same list. */
const measures: ReadonlyMap<string, string> = new Map(
  Object.entries({
    km: 'km kilometer kilometers kilometre kilometres',
    m: 'meter meters metre metres',
    cm: 'cm centimeter centimeters centimetre centimetres',
    mm: 'mm millimeter millimeters millimetre millimetres',
    mi: 'mi mile miles',
    ft: 'ft feet foot',
    in: 'inch inches',
    kg: 'kg kilogram kilograms kilo kilos',
    g: 'gram grams',
    lb: 'lb lbs',
    t: 'ton tons tonne tonnes',
    s: 'sec second seconds',
    min: 'min minute minutes',
    h: 'hr hrs hour hours',
    d: 'day days',
    w: 'week weeks',
    mo: 'month months',
    y: 'year years',
    C: '°c celsius',
    F: '°f fahrenheit',
    mph: 'mph',
    kmh: 'km/h kmh kph',
  }).flatMap(([code, names]) => names.split(' ').map((name): [string, string] => [name, code])),
)

export function currencyOf(text: string): string | null {
  return currencies.get(text.trim().toLowerCase()) ?? null
}

export function measureOf(text: string): string | null {
  return measures.get(text.trim().toLowerCase()) ?? null
}

/** What one of each is in metres, kilograms or seconds. */
const sizes: ReadonlyMap<string, readonly [of: string, size: number]> = new Map(
  Object.entries({
    length: { km: 1000, m: 1, cm: 0.01, mm: 0.001, mi: 1609.344, ft: 0.3048, in: 0.0254 },
    mass: { t: 1000, kg: 1, g: 0.001, lb: 0.453_592_37 },
    time: { w: 604_800, d: 86_400, h: 3600, min: 60, s: 1 },
  }).flatMap(([of, units]) =>
    Object.entries(units).map(([unit, size]): [string, [string, number]] => [unit, [of, size]]),
  ),
)

/** By what a number of one unit is multiplied to be one of another; null where they measure different things. */
export function conversion(from: string, to: string): number | null {
  if (from === to) return 1
  const [one, other] = [sizes.get(from), sizes.get(to)]
  return one === undefined || other === undefined || one[0] !== other[0] ? null : one[1] / other[1]
}

const magnitudes: readonly (readonly [RegExp, number])[] = [
  [/^(?:k|thousand|tsd\.?|tausend|mille)$/i, 1e3],
  [/^(?:m|mn|mm|mio\.?|million|millions|millionen|millones)$/i, 1e6],
  [/^(?:b|bn|mrd\.?|billion|billions|milliarden?|milliards?)$/i, 1e9],
  [/^(?:tn|trillion|trillions)$/i, 1e12],
]

/** 1000 for "k" and "thousand"; 1 for what is none. */
export function magnitudeOf(text: string): number {
  return magnitudes.find(([pattern]) => pattern.test(text.trim()))?.[1] ?? 1
}
