import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replaceModel, withNumber } from '../../../../src/models/upstreams/body-members.ts'

const replaced = (text: string, model = 'new') => replaceModel(Buffer.from(text), model).toString()

describe('another name for the model of a body', () => {
  it.each([
    ['{"model":"old"}', '{"model":"new"}'],
    ['{ "a":[{"model":"x"}], "model" : "old" , "z":1e400 }', '{ "a":[{"model":"x"}], "model" : "new" , "z":1e400 }'],
    [
      '{"b":{"model":"x"},"n":12345678901234567890,"model":"old"}',
      '{"b":{"model":"x"},"n":12345678901234567890,"model":"new"}',
    ],
    ['{"a":"model","model":"o\\"ld\\\\"}', '{"a":"model","model":"new"}'],
    ['{"m\\u006fdel":"old"}', '{"m\\u006fdel":"new"}'],
    ['{"a":["model","model"],"model":"old"}', '{"a":["model","model"],"model":"new"}'],
    ['{"a":{},"b":[],"model":"model"}', '{"a":{},"b":[],"model":"new"}'],
  ])('of %s gives %s', (before, after) => {
    expect(replaced(before)).toBe(after)
  })

  it('leaves a body alone that has none at its top', () => {
    expect(replaced('{"a":{"model":"x"},"b":["model","y"]}')).toBe('{"a":{"model":"x"},"b":["model","y"]}')
  })

  it('changes this one value in any JSON, and no other byte', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.string(), (others, old, name) => {
        const { model: _, ...rest } = others
        const [before, after] = [old, name].map((model) => JSON.stringify({ ...rest, model, zz: 1 }))
        expect(replaceModel(Buffer.from(before ?? ''), name).toString()).toBe(after)
      }),
    )
  })
})

describe('a number in a body', () => {
  it.each([
    ['{"model":"m"}', '{"most":7,"model":"m"}'],
    [' \n{ "model":"m"}', ' \n{"most":7, "model":"m"}'],
    ['{"most":null,"model":"m"}', '{"most":7,"model":"m"}'],
    ['{"model":"m", "most" : null }', '{"model":"m", "most" : 7 }'],
    ['{"most":-1.5e+3,"model":"m"}', '{"most":7,"model":"m"}'],
    ['{"most":"12","model":"m"}', '{"most":7,"model":"m"}'],
    ['{"a":{"most":null},"b":["most",null]}', '{"most":7,"a":{"most":null},"b":["most",null]}'],
    ['{"a":"most","m\\u006fst":null}', '{"a":"most","m\\u006fst":7}'],
  ])('of %s gives %s', (before, after) => {
    expect(withNumber(Buffer.from(before), 'most', 7).toString()).toBe(after)
  })

  it('is there, and nothing else is another, in any JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(null, 3, 'x', undefined),
        (others, most) => {
          const { most: _, ...rest } = { ...others, zz: 1 } as Record<string, unknown>
          const body = JSON.stringify({ ...rest, most })
          const changed = JSON.parse(withNumber(Buffer.from(body), 'most', 7).toString()) as object
          expect(changed).toEqual({ ...(JSON.parse(JSON.stringify(rest)) as object), most: 7 })
        },
      ),
    )
  })
})
