import { readXml } from './read-xml.ts'
import type { NumberForm } from './workbook.ts'

const builtIn = new Map<number, NumberForm>([
  ...[14, 15, 16, 17].map((id) => [id, 'date'] as const),
  ...[18, 19, 20, 21, 45, 46, 47].map((id) => [id, 'time'] as const),
  [22, 'date-time'],
])

/** The form of the numbers of each style, by its place in the list that cells name. */
export async function readNumberForms(pieces: AsyncIterable<string>): Promise<readonly NumberForm[]> {
  const own = new Map<number, NumberForm>()
  const forms: NumberForm[] = []
  let isInStyles = false
  await readXml(pieces, {
    open(name, attributes) {
      const id = Number(attributes['numFmtId'])
      if (name === 'numFmt') own.set(id, formOf(attributes['formatCode'] ?? ''))
      if (name === 'cellXfs') isInStyles = true
      if (name === 'xf' && isInStyles) forms.push(own.get(id) ?? builtIn.get(id) ?? 'plain')
    },
    close(name) {
      if (name === 'cellXfs') isInStyles = false
    },
    text() {},
  })
  return forms
}

/** `yyyy-mm-dd`, `[h]:mm`, `d. mmmm yyyy hh:mm`: by the letters that stand outside of quotes and brackets. */
function formOf(code: string): NumberForm {
  const letters = code.replaceAll(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').toLowerCase()
  if (/general|[0#]/.test(letters.replaceAll(/s\.0+/g, 's'))) return 'plain'
  const [hasDay, hasHour] = [/[yd]/.test(letters), /[hs]/.test(letters)]
  if (hasDay) return hasHour ? 'date-time' : 'date'
  if (hasHour) return 'time'
  return letters.includes('m') ? 'date' : 'plain'
}
