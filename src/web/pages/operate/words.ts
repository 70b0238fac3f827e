import { durationText } from '../../components/time-text.ts'

/** How much of what: money in the currency of prices, times and bytes in units that fit, everything else as a whole number. */
export function amountText(unit: string, amount: number): string {
  if (unit === 'money') return moneyText(amount)
  if (unit.endsWith('_ms')) return durationText(amount)
  if (unit === 'bytes') return bytesText(amount)
  return countText(amount)
}

export const countText = (count: number): string => Math.round(count).toLocaleString('en')

/** Millionths of a currency, to the cent, or to the digit that says anything at all. */
export function moneyText(millionths: number): string {
  const whole = millionths / 1_000_000
  const digits = whole !== 0 && Math.abs(whole) < 0.01 ? 6 : 2
  return whole.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: digits })
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const

export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3))
  const shown = bytes / 1_000 ** step
  return `${shown.toLocaleString('en', { maximumFractionDigits: step === 0 ? 0 : 1 })} ${byteUnits[step] ?? 'B'}`
}

/** A share of a whole as a percentage; a dash where there is no whole. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return '–'
  const percent = (100 * part) / whole
  return `${percent.toLocaleString('en', { maximumFractionDigits: percent > 0 && percent < 1 ? 2 : 1 })} %`
}

/** How far a moment is from now: `in 3 min`, `4.2 s ago`, `now`. */
export function distanceText(moment: string, now: number): string {
  const away = Date.parse(moment) - now
  if (Number.isNaN(away)) return moment
  if (Math.abs(away) < 1_000) return 'now'
  return away > 0 ? `in ${durationText(away)}` : `${durationText(-away)} ago`
}
