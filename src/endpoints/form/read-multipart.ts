import { readMediaType, type MediaType } from '../contract/media-type.ts'
import { formFault, tooManyParts, utf8, type FormLimits, type FormPart } from './form-part.ts'

/** Of the headers of one part together: a name, a file name and a media type have room. */
const mostHeaderBytes = 2_048
const mostNameCharacters = 200

const lineEnd = '\r\n'
const ends = Buffer.from(lineEnd)
const headersEnd = Buffer.from(lineEnd + lineEnd)
const closing = Buffer.from('--')

/** What may be in a boundary (RFC 2046, 5.1.1). */
const boundaryParameter = /^boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'()+,./:=?-]{1,70}))$/i

/** The boundary of a content type of multipart/form-data. Throws `invalid-request` for one without, with two or with anything else. */
export function boundaryOf(contentType: string): string {
  const [, ...parameters] = contentType.split(';').map((part) => part.trim())
  const others = parameters.filter((parameter) => !/^charset\s*=/i.test(parameter))
  const [, quoted, plain] = boundaryParameter.exec(others[0] ?? '') ?? []
  const boundary = quoted ?? plain
  if (others.length !== 1 || boundary === undefined) throw formFault('has no content type with one boundary')
  return boundary
}

/**
 * The parts of a form in multipart/form-data (RFC 7578), by a grammar that every reader reads alike: line ends are CRLF, nothing
 * stands before the first boundary, behind the last, or on a line with one, and a part says its name, once, and perhaps a
 * file name and a type. File names are read and left out. Throws `invalid-request` for any other form, in a time that grows
 * with its bytes.
 */
export function readMultipart(body: Buffer, boundary: string, limits: FormLimits): readonly FormPart[] {
  const delimiter = Buffer.from(`--${boundary}`)
  const between = Buffer.concat([ends, delimiter])
  const stands = (what: Buffer, at: number): boolean => body.subarray(at, at + what.length).equals(what)
  if (!stands(delimiter, 0)) throw formFault('does not begin with its boundary')
  const parts: FormPart[] = []
  let at = delimiter.length
  while (!stands(closing, at)) {
    if (!stands(ends, at)) throw formFault(at >= body.length ? 'breaks off' : 'has something behind a boundary')
    if (parts.length >= limits.parts) throw tooManyParts(limits)
    const start = at + ends.length
    const where = `part ${parts.length + 1}`
    const length = body.subarray(start, start + mostHeaderBytes).indexOf(headersEnd)
    if (length < 0)
      throw formFault(`breaks off in the headers of ${where}, or they are more than ${mostHeaderBytes} bytes`)
    const content = start + length + headersEnd.length
    const next = body.indexOf(between, content)
    if (next < 0) throw formFault(`breaks off in ${where}: there is no end boundary`)
    const bytes = body.subarray(content, next)
    parts.push({ ...headOf(body.subarray(start, start + length), bytes, where), bytes })
    at = next + between.length
  }
  const rest = body.subarray(at + closing.length)
  if (rest.length > 0 && !rest.equals(ends)) throw formFault('goes on behind its end boundary')
  return parts
}

/** The content of these says nothing that a part without them would not say. */
const plainEncodings: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])

function headOf(bytes: Buffer, content: Buffer, where: string): Omit<FormPart, 'bytes'> {
  const text = utf8(bytes)
  if (text === null) throw formFault(`has headers in ${where} that are no UTF-8`)
  const headers = new Map<string, string>()
  for (const line of text.split(lineEnd)) {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^\p{Cc}]*)$/u.exec(line) ?? []
    if (name === undefined || value === undefined) throw formFault(`has a header in ${where} that cannot be read`)
    const lower = name.toLowerCase()
    if (headers.has(lower)) throw formFault(`has the header ${lower.slice(0, 50)} twice in ${where}`)
    headers.set(lower, value.trimEnd())
  }
  let disposition: string | null = null
  let type: MediaType | null = null
  for (const [name, value] of headers) {
    if (name === 'content-disposition') disposition = value
    else if (name === 'content-type') type = typeOf(value, where)
    else if (name === 'content-transfer-encoding' && plainEncodings.has(value.toLowerCase())) continue
    else if (name === 'content-length' && value === String(content.length)) continue
    else throw formFault(`has the header ${name.slice(0, 50)} in ${where}, which is not taken there as it is`)
  }
  if (disposition === null) throw formFault(`has no content-disposition in ${where}`)
  return { name: nameOf(disposition, where), type }
}

function typeOf(value: string, where: string): MediaType {
  const type = readMediaType(value)
  if (type === null) throw formFault(`has a content type in ${where} that is none`)
  if (type.name.startsWith('multipart/')) throw formFault(`has another form in ${where}`)
  if (type.charset !== null && !/^utf-?8$/.test(type.charset)) {
    throw formFault(`has another character set than UTF-8 in ${where}`)
  }
  return type
}

/** Texts in quotes with a quote or a backslash in them are read in different ways. */
const parameterText = /;[ \t]*([\w*-]+)=(?:"([^"\\]*)"|([\w!#$%&'*+.^`|~-]+))/y

/** RFC 8187, 3.2.1. No form should have one (RFC 7578, 4.2), yet .NET writes one to each file; it is left out as file names are. */
const extendedText = /^utf-8'[a-z\d-]*'(?:%[\da-f]{2}|[\w!#$&+.^`|~-])*$/i

function nameOf(disposition: string, where: string): string {
  const kind = 'form-data'
  if (!disposition.toLowerCase().startsWith(kind))
    throw formFault(`has a content-disposition in ${where} that is not form-data`)
  const parameters = new Map<string, string>()
  parameterText.lastIndex = kind.length
  while (parameterText.lastIndex < disposition.length) {
    const [, key = '', quoted, plain] = parameterText.exec(disposition) ?? []
    const name = key.toLowerCase()
    if (name === '') throw formFault(`has a content-disposition in ${where} that cannot be read`)
    if (name === 'filename*' && !extendedText.test(quoted ?? plain ?? ''))
      throw formFault(`has a filename* in ${where} that is none of RFC 8187`)
    if (name !== 'name' && name !== 'filename' && name !== 'filename*')
      throw formFault(`has "${name.slice(0, 50)}" in the content-disposition of ${where}`)
    if (parameters.has(name)) throw formFault(`has the ${name} of ${where} twice`)
    parameters.set(name, quoted ?? plain ?? '')
  }
  const name = parameters.get('name') ?? ''
  if (name === '') throw formFault(`has no name in ${where}`)
  if (name.length > mostNameCharacters)
    throw formFault(`has a name of more than ${mostNameCharacters} characters in ${where}`)
  return name
}
