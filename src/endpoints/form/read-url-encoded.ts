import { formFault, tooManyParts, utf8, type FormLimits, type FormPart } from './form-part.ts'

/** The values of a form in application/x-www-form-urlencoded. Throws `invalid-request` for an escape or a text that is no UTF-8. */
export function readUrlEncoded(body: Buffer, limits: FormLimits): readonly FormPart[] {
  const text = utf8(body)
  if (text === null) throw formFault('is no UTF-8')
  if (text === '') return []
  const pieces = text.split('&', limits.parts + 1)
  if (pieces.length > limits.parts) throw tooManyParts(limits)
  return pieces.map((piece) => {
    const at = piece.indexOf('=')
    const [name, value] = at < 0 ? [piece, ''] : [piece.slice(0, at), piece.slice(at + 1)]
    return { name: unescaped(name), type: null, bytes: Buffer.from(unescaped(value)) }
  })
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw formFault('has an escape that is no UTF-8')
  }
}
