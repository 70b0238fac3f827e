import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { boundaryOf, readMultipart } from '../../../../src/endpoints/form/read-multipart.ts'
import { writeMultipart } from '../../../../src/endpoints/form/write-form.ts'
import { verifies } from '../../../support/verifies.ts'

const limits = { parts: 3 }
const named = 'Content-Disposition: form-data; name="a"'
const part = (headers: string, content = '1') => `--B\r\n${headers}\r\n\r\n${content}\r\n`
const form = (...parts: readonly string[]) => `${parts.join('')}--B--\r\n`
const read = (text: string | Buffer) => readMultipart(Buffer.from(text as string), 'B', limits)
const faultOf = (act: () => unknown): string => {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof ServiceError && thrown.code === 'invalid-request') return thrown.message
    throw thrown
  }
  return 'none'
}

describe('a form in parts', () => {
  it.each<[string, string, unknown]>([
    ['without a part', form(), []],
    ['with an empty value', form(part(named, '')), [{ name: 'a', type: null, text: '' }]],
    ['without a line end behind it', form(part(named)).trimEnd(), [{ name: 'a', type: null, text: '1' }]],
    [
      'with line ends in a value',
      form(part(named, '\r\n\r\n--C\r\n')),
      [{ name: 'a', type: null, text: '\r\n\r\n--C\r\n' }],
    ],
    ['with a plain name', form(part('content-disposition:form-data;name=a')), [{ name: 'a', type: null, text: '1' }]],
    [
      'with a name in UTF-8',
      form(part('Content-Disposition: form-data; name="größe"')),
      [{ name: 'größe', type: null, text: '1' }],
    ],
    [
      'with a file, its type and what says nothing',
      form(
        part(
          `Content-Length: 1\r\n${named}; filename="C a.png"\r\nContent-Type: Image/PNG; charset=UTF-8\r\nContent-Transfer-Encoding: binary`,
        ),
      ),
      [{ name: 'a', type: { name: 'image/png', charset: 'utf-8' }, text: '1' }],
    ],
    [
      'with a file as .NET writes it',
      form(part("Content-Disposition: form-data; name=a; filename=a.png; filename*=utf-8''gr%C3%B6%C3%9Fe.png")),
      [{ name: 'a', type: null, text: '1' }],
    ],
  ])('is read %s', (_what, text, parts) => {
    expect(read(text).map(({ name, type, bytes }) => ({ name, type, text: bytes.toString() }))).toEqual(parts)
  })

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'does not begin with its boundary'],
    ['something before its first boundary', `hello\r\n${form(part(named))}`, 'does not begin with its boundary'],
    ['a line before its first boundary', `\r\n${form(part(named))}`, 'does not begin with its boundary'],
    ['no end boundary', part(named), 'breaks off'],
    ['an end right behind a boundary', `${part(named)}--B`, 'The form breaks off.'],
    ['an end in its headers', `--B\r\n${named}`, 'breaks off in the headers of part 1'],
    ['an end in a value', `--B\r\n${named}\r\n\r\n1`, 'breaks off in part 1: there is no end boundary'],
    ['an end in its end boundary', `${part(named)}--B-`, 'has something behind a boundary'],
    ['a part behind its end', form(part(named)) + form(part(named)), 'goes on behind its end boundary'],
    ['one byte behind its end boundary', `${part(named)}--B-- `, 'goes on behind its end boundary'],
    ['one byte of a line end behind it', `${part(named)}--B--\r`, 'goes on behind its end boundary'],
    ['a byte behind its end', `${form(part(named))} `, 'goes on behind its end boundary'],
    ['more parts than are taken', form(...Array.from({ length: 4 }, () => part(named))), 'has more than 3 parts'],
    ['lines that end with LF', form(part(named)).replaceAll('\r\n', '\n'), 'has something behind a boundary'],
    ['lines that end with CR', form(part(named)).replaceAll('\r\n', '\r'), 'has something behind a boundary'],
    ['a space behind its boundary', `--B \r\n${named}\r\n\r\n1\r\n--B--`, 'has something behind a boundary'],
    ['a longer boundary in a value', form(part(named, '1\r\n--Bc')), 'has something behind a boundary'],
    ['a boundary of another case', form(part(named)).replaceAll('--B', '--b'), 'does not begin with its boundary'],
    ['no headers', '--B\r\n\r\n1\r\n--B--', 'breaks off in the headers of part 1'],
    ['very long headers', form(part(`${named}; filename="${'a'.repeat(2_048)}"`)), 'they are more than 2048 bytes'],
    ['a header without a colon', form(part(`${named}\r\nno colon`)), 'has a header in part 1 that cannot be read'],
    ['a header over two lines', form(part('Content-Disposition: form-data;\r\n name="a"')), 'that cannot be read'],
    [
      'a header with a space before its colon',
      form(part('Content-Disposition : form-data; name="a"')),
      'that cannot be read',
    ],
    ['a header with a NUL', form(part('Content-Disposition: form-data; name="a\0"')), 'that cannot be read'],
    ['a header with LF', form(part(`${named}\nX: 1`)), 'that cannot be read'],
    ['a header with CR', form(part(`${named}\rX: 1`)), 'that cannot be read'],
    [
      'a header in Latin-1',
      Buffer.from(form(part('Content-Disposition: form-data; name="é"')), 'latin1'),
      'that are no UTF-8',
    ],
    [
      'a header twice',
      form(part(`${named}\r\ncontent-disposition: form-data; name="b"`)),
      'content-disposition twice in part 1',
    ],
    ['another header', form(part(`${named}\r\nX-Admin: 1`)), 'has the header x-admin in part 1'],
    [
      'a header for a connection',
      form(part(`${named}\r\nTransfer-Encoding: chunked`)),
      'has the header transfer-encoding',
    ],
    [
      'a value in base64',
      form(part(`${named}\r\nContent-Transfer-Encoding: base64`)),
      'content-transfer-encoding in part 1',
    ],
    ['a wrong length', form(part(`${named}\r\nContent-Length: 2`)), 'has the header content-length in part 1'],
    ['no name', form(part('Content-Disposition: form-data')), 'has no name in part 1'],
    ['an empty name', form(part('Content-Disposition: form-data; name=""')), 'has no name in part 1'],
    [
      'a very long name',
      form(part(`Content-Disposition: form-data; name="${'a'.repeat(201)}"`)),
      'more than 200 characters',
    ],
    ['no disposition', form(part('Content-Type: text/plain')), 'has no content-disposition in part 1'],
    ['another disposition', form(part('Content-Disposition: attachment; name="a"')), 'that is not form-data'],
    ['a longer disposition', form(part('Content-Disposition: form-data2; name="a"')), 'that cannot be read'],
    ['two names', form(part(`${named}; name="b"`)), 'has the name of part 1 twice'],
    ['two names of another case', form(part(`${named}; NAME="b"`)), 'has the name of part 1 twice'],
    ['two file names', form(part(`${named}; filename="a"; filename="b"`)), 'has the filename of part 1 twice'],
    [
      'a file name in a spelling that is none',
      form(part(`${named}; filename="a"; filename*=b.php`)),
      'has a filename* in part 1 that is none of RFC 8187',
    ],
    [
      'a file name in another character set',
      form(part(`${named}; filename*=iso-8859-1''b.php`)),
      'has a filename* in part 1 that is none of RFC 8187',
    ],
    [
      'two file names in another spelling',
      form(part(`${named}; filename*=UTF-8''a; filename*=UTF-8''b`)),
      'has the filename* of part 1 twice',
    ],
    [
      'a name in another spelling',
      form(part(`${named}; name*=UTF-8''b`)),
      'has "name*" in the content-disposition of part 1',
    ],
    ['an escape in a name', form(part(String.raw`Content-Disposition: form-data; name="a\"b"`)), 'that cannot be read'],
    ['a name that does not end', form(part('Content-Disposition: form-data; name="a')), 'that cannot be read'],
    ['something behind a name', form(part(`${named} x`)), 'that cannot be read'],
    [
      'a form within it',
      form(part(`${named}\r\nContent-Type: multipart/mixed; boundary=C`)),
      'has another form in part 1',
    ],
    ['a type that is none', form(part(`${named}\r\nContent-Type: png`)), 'has a content type in part 1 that is none'],
    [
      'another character set',
      form(part(`${named}\r\nContent-Type: text/plain; charset=utf-16le`)),
      'another character set than UTF-8',
    ],
  ])('is refused with %s', (_what, text, words) => {
    verifies('endpoints.bad-forms')
    expect(faultOf(() => read(text))).toContain(`The form `)
    expect(faultOf(() => read(text))).toContain(words)
  })

  it('is refused wherever it is cut', () => {
    verifies('endpoints.bad-forms')
    const whole = Buffer.from(form(part(named), part(`${named}; filename="a"\r\nContent-Type: image/png`, '--B')))
    const taken = Array.from({ length: whole.length - 2 }, (_, end) => faultOf(() => read(whole.subarray(0, end))))
    expect(taken.filter((fault) => fault === 'none')).toEqual([])
    expect(read(whole)).toHaveLength(2)
  })

  it('is read as it was written, whatever stands in its values', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('\r\n--', '--sallyport-', '\r\n\r\n', '--').map((text) => Buffer.from(text)),
    )
    const bytes = fc.array(piece, { maxLength: 5 }).map((pieces) => Buffer.concat(pieces))
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 3 }), (values) => {
        const parts = values.map((each) => ({ name: 'a', type: 'image/png', fileName: 'picture.png', bytes: each }))
        const { contentType, bytes: written } = writeMultipart(parts)
        expect(readMultipart(written, boundaryOf(contentType), limits).map((each) => each.bytes)).toEqual(values)
        expect(writeMultipart(parts)).toEqual({ contentType, bytes: written })
      }),
    )
  })
})

describe('the boundary of a form', () => {
  it.each([
    ['multipart/form-data; boundary=----WebKitFormBoundaryAbC123', '----WebKitFormBoundaryAbC123'],
    ['Multipart/Form-Data; Boundary="a b:c"', 'a b:c'],
    ['multipart/form-data; charset=utf-8; boundary=x', 'x'],
  ])('of %s is %s', (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary)
  })

  it.each([
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary=a; boundary=b',
    'multipart/form-data; boundary*0=a; boundary*1=b',
    'multipart/form-data; boundary="a',
    'multipart/form-data; boundary="a "',
    'multipart/form-data; boundary=ä',
    String.raw`multipart/form-data; boundary="a\"b"`,
    `multipart/form-data; boundary=${'a'.repeat(71)}`,
    'multipart/form-data; boundary=a; start=b',
  ])('of %s is none that is taken', (contentType) => {
    verifies('endpoints.bad-forms')
    expect(faultOf(() => boundaryOf(contentType))).toBe('The form has no content type with one boundary.')
  })
})
