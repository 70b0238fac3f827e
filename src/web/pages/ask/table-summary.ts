import type { Finding } from './turn/turn.ts'

export interface ShownTable {
  readonly rowCount: number
  /** How many rows there are where not all of them were let through; null where they all were, or nobody knows. */
  readonly of?: number | null
  /** What a filter replaced or cut. */
  readonly findings: readonly Finding[]
  /** Names of columns that policy masks. */
  readonly maskedColumns?: readonly string[]
  /** What cut the rows: their number, their bytes; null where nothing did. */
  readonly truncated: string | null
}

const whole = new Intl.NumberFormat('en')

/** `1,247 rows · e-mail masked · truncated at 10,000`, for the line over a table. */
export function tableSummary({ rowCount, of = null, findings, maskedColumns = [], truncated }: ShownTable): string {
  const rows = `${whole.format(rowCount)} ${rowCount === 1 ? 'row' : 'rows'}`
  const masked = maskedKinds(findings, maskedColumns)
  return [
    of === null || of <= rowCount ? rows : `${rows} of ${whole.format(of)}`,
    ...(masked.length === 0 ? [] : [`${masked.join(', ')} masked`]),
    ...(truncated === null
      ? []
      : [
          truncated === 'rows'
            ? `truncated at ${whole.format(rowCount)}`
            : `truncated: ${sizes[truncated] ?? truncated}`,
        ]),
  ].join(' · ')
}

const sizes: Readonly<Record<string, string>> = { bytes: 'too many bytes' }

/** What was masked, by kind and by column, each once. A finding that only cut something masks nothing. */
function maskedKinds(findings: readonly Finding[], columns: readonly string[]): readonly string[] {
  const kinds = findings.flatMap(({ rule, message }) => (/\breplaced\b/.test(message) ? [kindName(rule)] : []))
  return [...new Set([...kinds, ...columns])]
}

const names: Readonly<Record<string, string>> = {
  email: 'e-mail',
  iban: 'IBAN',
  ip: 'IP address',
  ssn: 'social security number',
  card: 'card number',
}

/** `filter/pii-email` or `pii/email` as people call it. */
export function kindName(rule: string): string {
  const kind = rule.replace(/^filter\//, '').replace(/^pii[-/]/, '')
  return names[kind] ?? kind.replaceAll(/[-_/]/g, ' ')
}

/** Bytes as people read them. */
export function bytesInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'] as const
  const power = bytes < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1_000 ** power
  return `${power === 0 ? whole.format(value) : value.toFixed(value < 10 ? 1 : 0)} ${units[power]}`
}
