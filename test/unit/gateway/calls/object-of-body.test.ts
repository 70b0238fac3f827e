import { describe, expect, it } from 'vitest'
import { keepObjectOfBody, objectOfBody } from '../../../../src/gateway/calls/object-of-body.ts'

describe('the object of a body', () => {
  it('is read once', () => {
    const body = Buffer.from('{"model":"gpt-5"}')
    const read = objectOfBody(body)
    expect(read).toEqual({ model: 'gpt-5' })
    expect(objectOfBody(body)).toBe(read)
  })

  it.each(['', '[1]', '"text"', 'null', '{"model":'])('is none where the body is %j', (text) => {
    expect(objectOfBody(Buffer.from(text))).toBeNull()
  })

  it('is what somebody has read already, and of no other body', () => {
    const [body, other] = [Buffer.from('{"model":"a"}'), Buffer.from('{"model":"a"}')]
    const read = { model: 'a' }
    keepObjectOfBody(body, read)
    expect(objectOfBody(body)).toBe(read)
    expect(objectOfBody(other)).not.toBe(read)
    keepObjectOfBody(other, ['a list'])
    expect(objectOfBody(other)).toBeNull()
  })
})
