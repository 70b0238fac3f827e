import type { Random } from '../../random.ts'
import type { NumberColumn } from './source-table.ts'

/** A number as it is written, and how far apart two numbers have to be so as not to be written alike. */
export interface Written {
  readonly text: string
  readonly value: number
  readonly step: number
  /** The number, without a sign and without what stands beside it. */
  readonly digits: string
  readonly before: string
  readonly after: string
}

/** How one number of a claim is written; its false neighbours are written likewise. */
export interface Form {
  readonly decimals: number
  readonly scale: 1 | 1e3 | 1e6
  readonly separated: boolean
  readonly before: string
  readonly after: string
}

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

/** A form that suits a column's values, `finer` decimals more for what is computed from them. */
export function formFor(value: number, column: NumberColumn, options: { random: Random; finer?: number }): Form {
  const { random, finer = 0 } = options
  const size = Math.abs(value)
  const [before, after] =
    column.unit === 'euro'
      ? pick(
          [
            ['€', ''],
            ['EUR ', ''],
            ['', ' euros'],
          ] as const,
          random,
        )
      : ['', '']
  const percent = column.unit === 'percent' ? pick([' %', '%', ' percent'], random) : after
  if (size >= 2e6 && random() < 0.3)
    return { decimals: 2, scale: 1e6, separated: false, before, after: ` million${percent}` }
  if (size >= 2e4 && random() < 0.12) return { decimals: 0, scale: 1e3, separated: false, before, after: `k${percent}` }
  const exact = Math.min(column.decimals, size < 1 ? 4 : 2)
  return {
    decimals: Math.min(exact + finer, size < 1 ? 4 : 2),
    scale: 1,
    separated: random() < 0.85,
    before,
    after: percent,
  }
}

export const percentForm = (random: Random): Form => ({
  decimals: 1,
  scale: 1,
  separated: false,
  before: '',
  after: pick([' %', '%', ' percent'], random),
})

export const countForm: Form = { decimals: 0, scale: 1, separated: true, before: '', after: '' }

export function write(value: number, asked: Form): Written {
  const form =
    asked.scale > 1 && Math.abs(value) < asked.scale
      ? { ...asked, scale: 1 as const, after: asked.after.replace(/^(?: million|k)/, '') }
      : asked
  const digits = plain(Math.abs(value) / form.scale, form)
  const sign = value < 0 ? '-' : ''
  const { before, after } = form
  return {
    text: `${sign}${before}${digits}${after}`,
    value,
    step: form.scale * 10 ** -form.decimals,
    digits,
    before,
    after,
  }
}

function plain(size: number, form: Form): string {
  // What ends in a five is written as people and their programs do: away from nothing.
  const fixed = (Math.round((size + Number.EPSILON * size) * 10 ** form.decimals) / 10 ** form.decimals).toFixed(
    form.decimals,
  )
  const [whole = '', rest] = fixed.split('.')
  const grouped = form.separated ? whole.replace(/\B(?=(?:\d{3})+$)/g, ',') : whole
  return rest === undefined ? grouped : `${grouped}.${rest}`
}

/** Whether two numbers are written otherwise, and not only in the last place. */
export function differ(one: number, other: number, step: number): boolean {
  return Math.abs(one - other) > 1.6 * step
}

/** Another number in the same form: a digit changed, two of them swapped, or a few percent off. */
export function otherValue(written: Written, form: Form, random: Random): Written | null {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const value = pick([swapped, changed, moved], random)(written, random) * form.scale * (written.value < 0 ? -1 : 1)
    if (Number.isFinite(value) && value !== 0 && differ(value, written.value, written.step)) return write(value, form)
  }
  return null
}

function swapped({ digits }: Written, random: Random): number {
  const places = placesOfDigits(digits)
  const at = Math.floor(random() * (places.length - 1))
  const [left = -1, right = -1] = [places[at], places[at + 1]]
  const mixed = Array.from(digits)
  if (left < 0 || right < 0) return NaN
  ;[mixed[left], mixed[right]] = [digits[right] ?? '', digits[left] ?? '']
  return Number(mixed.join('').replaceAll(',', ''))
}

function placesOfDigits(digits: string): number[] {
  return Array.from(digits, (digit, at) => (/\d/.test(digit) ? at : -1)).filter((at) => at >= 0)
}

function changed({ digits }: Written, random: Random): number {
  const places = placesOfDigits(digits)
  const at = pick(places, random)
  const digit = (Number(digits[at]) + 1 + Math.floor(random() * 9)) % 10
  return Number(`${digits.slice(0, at)}${digit}${digits.slice(at + 1)}`.replaceAll(',', ''))
}

function moved({ digits }: Written, random: Random): number {
  const factor = 1 + (0.05 + random() * 0.25) * (random() < 0.5 ? -1 : 1)
  return Number(digits.replaceAll(',', '')) * factor
}

const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

export function ordinalWord(rank: number): string {
  return ordinals[rank] ?? ordinalFigure(rank)
}

export function ordinalFigure(rank: number): string {
  const tens = rank % 100
  const end = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th')
  return `${rank}${end}`
}

/** A name with capitals, as people write what a table has in small letters. */
export function titled(name: string): string {
  return name === name.toLowerCase() ? name.replace(/(^|[\s-])(\p{L})/gu, (all, before: string, letter: string) => all.length > 0 ? `${before}${letter.toUpperCase()}` : all) : name // prettier-ignore
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
