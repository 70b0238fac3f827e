import { Readable } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { readMultipart } from '../../../src/http/multipart.ts'

const file = 'content-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nx,y'

/** A form of these parts as it comes to the service. */
function formOf(...parts: readonly string[]): IncomingMessage {
  const body = [...parts.map((part) => `--b\r\n${part}\r\n`), '--b--\r\n'].join('')
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  return Object.assign(Readable.from([Buffer.from(body)]), { headers }) as unknown as IncomingMessage
}

async function read(...parts: readonly string[]) {
  const form = readMultipart(formOf(...parts))
  const found = await form.file
  let content = ''
  for await (const piece of found?.content ?? []) content += Buffer.from(piece).toString()
  return { field: found?.field, content, fields: Object.fromEntries(await form.fields) }
}

describe('a form with a file', () => {
  it('has its fields on both sides of the file', async () => {
    const field = (name: string): string => `content-disposition: form-data; name="${name}"\r\n\r\nof ${name}`
    const fields = { purpose: 'of purpose', '': 'of ' }
    expect(await read(field('purpose'), file, field(''))).toEqual({ field: 'file', content: 'x,y', fields })
  })

  it.each([
    ['before its file', ['content-disposition: form-data\r\n\r\nz', file]],
    ['behind its file', [file, 'content-disposition: form-data\r\n\r\nz']],
    ['and no file', ['content-disposition: form-data\r\n\r\nz']],
  ])('is refused with a part that has no name %s', async (_where, parts) => {
    await expect(read(...parts)).rejects.toMatchObject({
      code: 'invalid-request',
      message: 'A part of the form has no name.',
    })
  })
})
