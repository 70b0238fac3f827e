import { expect, it } from 'vitest'
import { parseAsWritten } from '../../../../src/endpoints/contract/parse-as-written.ts'

it.each([
  ['[9007199254740993,1.10,1e999,-0,1E5,0.1]', '[9007199254740993,1.10,1e999,-0,1E5,0.1]'],
  [' { "a" : [ 1 , "1.0" , null , true ] } ', '{"a":[1,"1.0",null,true]}'],
  ['1.0', '1.0'],
  ['"1.0"', '"1.0"'],
])('%s is written again as %s', (text, written) => {
  expect(JSON.stringify(parseAsWritten(text))).toBe(written)
})

it('what is no JSON is none here', () => {
  expect(() => parseAsWritten('[1')).toThrow(SyntaxError)
})
