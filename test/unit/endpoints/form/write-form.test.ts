import { describe, expect, it } from 'vitest'
import { writeMultipart, writeUrlEncoded } from '../../../../src/endpoints/form/write-form.ts'

const part = (name: string, text: string, more: object = {}) => ({
  name,
  type: null,
  fileName: null,
  bytes: Buffer.from(text),
  ...more,
})

describe('a form that goes on', () => {
  it('in multipart has the parts, each with what we say of it, and nothing else', () => {
    const parts = [part('a b', '1'), part('image', 'pixels', { type: 'image/png', fileName: 'picture.png' })]
    const { contentType, bytes } = writeMultipart(parts)
    const boundary = /^multipart\/form-data; boundary=(sallyport-[0-9a-f]{40})$/.exec(contentType)?.[1]
    expect(boundary).toBeDefined()
    expect(bytes.toString()).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="a b"',
        '',
        '1',
        `--${boundary}`,
        'Content-Disposition: form-data; name="image"; filename="picture.png"',
        'Content-Type: image/png',
        '',
        'pixels',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    )
  })

  it('in multipart has a boundary of its own for parts of its own, wherever one ends', () => {
    const forms = [
      [part('a', 'bc')],
      [part('ab', 'c')],
      [part('a', 'b'), part('c', '')],
      [part('a', 'bc', {}), part('a', '')],
      [],
    ]
    const boundaries = forms.map((parts) => writeMultipart(parts).contentType)
    expect(new Set(boundaries).size).toBe(forms.length)
    expect(writeMultipart([part('a', 'bc')])).toEqual(writeMultipart([part('a', 'bc')]))
  })

  it('in the form of an address has names and texts with escapes', () => {
    const { contentType, bytes } = writeUrlEncoded([part('a b', '1&2=3'), part('ä', '+ \r\n'), part('c', '')])
    expect(contentType).toBe('application/x-www-form-urlencoded')
    expect(bytes.toString()).toBe('a%20b=1%262%3D3&%C3%A4=%2B%20%0D%0A&c=')
    expect(writeUrlEncoded([]).bytes).toHaveLength(0)
  })
})
