/**
 * Functions of Vega's expressions that only compute: none loads, none asks for the page or the signals of others, none is told a
 * regular expression, and none makes a value as large as it is told. https://vega.github.io/vega/docs/expressions/
 */
const computing: ReadonlySet<string> = new Set(
  `isArray isBoolean isDate isDefined isNumber isObject isRegExp isString isValid toBoolean toDate toNumber toString if
  isNaN isFinite abs acos asin atan atan2 ceil clamp cos exp floor hypot log max min pow random round sin sqrt tan
  date datetime day dayofyear hours milliseconds minutes month quarter seconds time timezoneoffset timeOffset timeUnitSpecifier utc utcOffset
  utcdate utcday utcdayofyear utchours utcmilliseconds utcminutes utcmonth utcquarter utcseconds utcweek utcyear week year
  extent indexof inrange lastindexof length join reverse slice span peek
  lower upper trim substring truncate parseFloat parseInt split replace
  format timeFormat utcFormat timeParse utcParse dayFormat dayAbbrevFormat monthFormat monthAbbrevFormat
  rgb hsl lab hcl luminance contrast`
    .split(/\s+/)
    .filter((name) => name !== ''),
)

/** Names that an expression may begin with, beside its functions; the others are of the page, or of its events. */
const values: ReadonlySet<string> = new Set(
  'datum true false null NaN Infinity undefined PI E LN2 LN10 LOG2E LOG10E SQRT1_2 SQRT2 MIN_VALUE MAX_VALUE'.split(
    ' ',
  ),
)

const mostCharacters = 1_000
const token =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|(\.\s*)?([A-Za-z_$][\w$]*)(\s*\()?|[\s\S]/g

/**
 * What an expression must not have; null for one that only computes. `names`: of parameters and fields of the chart's own, which begin
 * expressions, too. What cannot be read is refused when it is drawn, by whoever does: this keeps out what could be.
 */
export function faultInExpression(text: string, names: ReadonlySet<string>): string | null {
  if (text.length > mostCharacters)
    return `an expression has more than ${mostCharacters.toLocaleString('en')} characters`
  if (/[`\\]/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')))
    return 'an expression has a mark that none needs'
  for (const [, dot, name, call] of text.matchAll(token)) {
    if (name === undefined) continue
    if (dot !== undefined) {
      if (call !== undefined) return `an expression calls a method, "${name.slice(0, 40)}"`
      if (['constructor', 'prototype', '__proto__'].includes(name)) return `an expression names "${name}"`
      continue
    }
    if (call !== undefined && !computing.has(name)) return `an expression calls "${name.slice(0, 40)}"`
    if (call === undefined && !values.has(name) && !names.has(name)) {
      return `an expression names "${name.slice(0, 40)}"`
    }
  }
  return null
}
