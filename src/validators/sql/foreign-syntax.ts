type Dialect = 'postgresql' | 'mysql'

/** What other databases write, and what to write here instead. */
const forms: readonly { readonly form: RegExp; readonly instead: string; readonly only?: Dialect }[] = [
  { form: /\bSELECT\s+(?:DISTINCT\s+)?TOP\b/i, instead: 'Write LIMIT at the end for TOP.' },
  { form: /`/, instead: 'Names stand in double quotes, not in backticks.', only: 'postgresql' },
  {
    form: /(?<![\w\])"])\s*\[\s*[a-z_][\w ]*\]/i,
    instead: 'Names stand in quotes, not in brackets.',
  },
  { form: /\bLIMIT\s+\d+\s*,\s*\d+/i, instead: 'Write LIMIT rows OFFSET start.', only: 'postgresql' },
  { form: /\bQUALIFY\b/i, instead: 'Put the window function into a subquery and write WHERE around it for QUALIFY.' },
  { form: /\*\s*(?:EXCLUDE|EXCEPT|REPLACE)\s*\(/i, instead: 'Name the columns: a star has no exceptions here.' },
  { form: /\bGROUP\s+BY\s+ALL\b/i, instead: 'Name what GROUP BY groups by.' },
  { form: /,\s*(?:FROM|WHERE|GROUP|ORDER)\b/i, instead: 'A comma stands where a list ends.' },
  { form: /\bFETCH\s+(?:FIRST|NEXT)\b/i, instead: 'Write LIMIT for FETCH.', only: 'mysql' },
  { form: /\)\s*FILTER\s*\(/i, instead: 'Write SUM(CASE WHEN condition THEN value END) for FILTER.', only: 'mysql' },
  {
    form: /\bWITHIN\s+GROUP\b/i,
    instead: 'For a percentile number the rows with ROW_NUMBER() and take the one that is meant.',
    only: 'mysql',
  },
  { form: /^[\s(]*TABLE\b/i, instead: 'Write SELECT * FROM for TABLE.', only: 'mysql' },
  { form: /\bVALUES\b/i, instead: 'Write SELECT … UNION ALL SELECT … for VALUES.', only: 'mysql' },
  { form: /\b(?:FORCE|USE|IGNORE)\s+(?:INDEX|KEY)\b/i, instead: 'Leave hints about indexes out.', only: 'mysql' },
  {
    form: /\bSUBSTR(?:ING)?\s*\([^()]*\sFROM\s/i,
    instead: 'Write SUBSTRING(value, start, length) with commas.',
    only: 'mysql',
  },
  { form: /\bSTD\s*\(/i, instead: 'Write STDDEV_POP(value) for STD.', only: 'mysql' },
  { form: /\bVARIANCE\s*\(/i, instead: 'Write VAR_POP(value) for VARIANCE.', only: 'mysql' },
  { form: /\bPOSITION\s*\([^()]*\sIN\s/i, instead: 'Write LOCATE(part, value) for POSITION.', only: 'mysql' },
]

/** What to write where a text does not parse because another database's SQL is in it; empty where nothing is known. */
export function insteadOfForeignSyntax(source: string, dialect: Dialect): string {
  const text = source.replaceAll(/'[^']*'/g, "''")
  const found = forms.find(({ form, only = dialect }) => only === dialect && form.test(text))
  return found === undefined ? '' : ` ${found.instead}`
}
