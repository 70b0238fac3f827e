/** Parts of an answer whose digits say nothing about data: code, addresses, names of files, numbers of lists, references. Each with signs of which it has one. */
const parts: readonly (readonly [needs: string, pattern: RegExp])[] = [
  // Nobody writes a figure in so long a word; the expressions below would look through it again from each of its places.
  ['', /[!-~]{200,}/g],
  // A value that the answer names, and that was not filled in, is told as such.
  ['{', /\{\{\s{0,4}run\d{1,4}:[^{}\n]{1,230}\}\}/g],
  ['`~', /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[^\n]*$|$(?![\s\S]))/gm],
  ['`', /`(?![\s$€£]*[-−+]?[\d.,\s]+\s*(?:%|[kKmM]|bn)?\s*`)[^`\n]*`/g],
  [']', /!?\[[^\]\n]*\]\([^)\n]*\)/g],
  [':', /\b(?:https?|ftp|file|sandbox|data):\S+/gi],
  ['@', /[\w.+-]+@[\w-]+\.[\w.]+/g],
  ['/', /(?:[\w.~-]*\/)+[\w.-]*\d[\w.-]*\.\w{1,5}\b/g],
  ['.', /\b[\w-]+\.(?:csv|tsv|xlsx?|json|jsonl|parquet|png|jpe?g|svg|pdf|py|sql|txt|md|html?)\b/gi],
  ['.)', /^[ \t]*(?:[-*+][ \t]+)?\(?\d{1,3}[.)](?=[ \t])/gm],
  ['[', /\[\^?\d{1,3}\]/g],
  ['#', /#\d+\b(?=\W|$)(?![^\n]{0,3}\b(?:by|in)\b)/g],
  // Ids, versions, models: letters before digits, or digits around letters.
  ['', /\b\p{L}+[-_]?\d+(?:[\w-]|\.\d)*/gu],
  [':', /\b\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[ap]\.?m\b)?/gi],
  ['', /\b\d+\p{L}+\d[\w]*/gu],
  ['-', /\b[0-9a-f]{8}-[0-9a-f-]{20,}\b/gi],
  ['.', /\b(?!\d{1,2}\.\d{1,2}\.\d{4}(?![\d.]*\d)|\d{1,3}(?:\.\d{3})+(?![\d.]*\d))\d+(?:\.\d+){2,}(?!\d)/g],
  ['s', /(?<!\d)\d{3,4}s\b|'\d0s\b/g],
  [
    '',
    /\b(?:results?|runs?|tables?|figures?|steps?|pages?|chapters?|sections?|versions?|python|top|bottom|first|last|line|lines|quarter|q|h)[ -]#?\d{1,3}(?![\d.,]*\d|\s?%)/gi,
  ],
  ['-', /\b\d+(?:-day|-month|-year|-week|-hour|-minute|-point)\b(?= (?:average|moving|rolling|window|period|plan))/gi],
]

/** Currency before digits is no id, and neither is a quarter of a year. */
const kept = /^(?:US|CA|AU|USD|EUR|GBP|CHF|JPY|CNY|INR|Q[1-4]$)/

/** The text with those parts as blanks, so that offsets stay. */
export function withoutNoClaims(text: string): string {
  let masked = text
  for (const [needs, part] of parts) {
    if (needs !== '' && !hasOneOf(text, needs)) continue
    masked = masked.replaceAll(part, (found: string) => (kept.test(found) ? found : found.replaceAll(/[^\n]/g, ' ')))
  }
  return masked
}

function hasOneOf(text: string, signs: string): boolean {
  for (const sign of signs) if (text.includes(sign)) return true
  return false
}
