import type { JsonValue } from '../../core/json.ts'
import { plainLine } from './plain-text.ts'

/** Figures as lines of a name and a value, each under the one that it is part of; lists of more than ten have their length. */
export function figuresText(figures: Readonly<Record<string, JsonValue>>, depth = 0): string {
  return Object.entries(figures)
    .map(([name, value]) => {
      const head = `${'  '.repeat(depth)}${plainLine(name, 100).replaceAll('_', ' ')}`
      if (isRecord(value)) return `${head}\n${figuresText(value, depth + 1)}`
      return `${head.padEnd(28)} ${plainLine(valueText(value), 1_000)}\n`
    })
    .join('')
}

const isRecord = (value: JsonValue): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function valueText(value: JsonValue): string {
  if (Array.isArray(value)) {
    return value.length > 10 ? `${value.length.toLocaleString('en')} (--output json lists them)` : JSON.stringify(value)
  }
  if (typeof value === 'number') return Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 6 })
  if (value === null) return 'not known'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
