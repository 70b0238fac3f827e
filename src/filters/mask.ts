/** A stretch of text that is replaced. */
export interface MaskedSpan {
  readonly start: number
  readonly end: number
  readonly category: string
}

const labels: Readonly<Record<string, string>> = {
  'pii/email': '[email]',
  'pii/phone': '[phone]',
  'pii/card': '[card]',
  'pii/ssn': '[ssn]',
  'pii/iban': '[iban]',
  secret: '[secret]',
  'sql-leak': '[SQL withheld]',
}

/** What stands in a text's place. Nothing of the value is kept, not even a card's last four digits. */
export function labelOf(category: string): string {
  return labels[category] ?? labels[category.split('/')[0] ?? ''] ?? '[withheld]'
}

/** Overlapping and touching spans as one; the longest of them names it. Sorted by place. */
export function mergeSpans(spans: readonly MaskedSpan[]): MaskedSpan[] {
  const merged: { start: number; end: number; category: string; longest: number }[] = []
  for (const span of [...spans].sort((one, other) => one.start - other.start || other.end - one.end)) {
    const last = merged.at(-1)
    const length = span.end - span.start
    if (last !== undefined && span.start < last.end) {
      last.end = Math.max(last.end, span.end)
      if (length > last.longest) Object.assign(last, { category: span.category, longest: length })
    } else {
      merged.push({ ...span, longest: length })
    }
  }
  return merged.map(({ start, end, category }) => ({ start, end, category }))
}

/** A part of a text. `named`: a span that began before `from` was already named there. */
export interface MaskedRange {
  readonly from: number
  readonly to: number
  readonly named?: boolean
}

/**
 * The part of `text` from `from` to `to` with the spans replaced. A span that was named before leaves nothing here, so
 * that consecutive parts together name each span once.
 */
export function maskRange(text: string, spans: readonly MaskedSpan[], range: MaskedRange): string {
  let at = range.from
  let masked = ''
  for (const span of mergeSpans(spans)) {
    if (span.end <= at || span.start >= range.to) continue
    masked += text.slice(at, Math.max(at, span.start))
    if (span.start >= range.from || range.named !== true) masked += labelOf(span.category)
    at = Math.min(span.end, range.to)
  }
  return masked + text.slice(at, range.to)
}

export function maskText(text: string, spans: readonly MaskedSpan[]): string {
  return spans.length === 0 ? text : maskRange(text, spans, { from: 0, to: text.length })
}
