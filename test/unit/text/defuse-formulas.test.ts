import { describe, expect, it } from 'vitest'
import { defuseFormulas, withoutFormulas } from '../../../src/text/defuse-formulas.ts'
import { verifies } from '../../support/verifies.ts'

async function defused(text: string, step: number): Promise<string> {
  const bytes = Buffer.from(text)
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
  }
  const parts: Buffer[] = []
  for await (const part of defuseFormulas(pieces())) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('a table that goes out', () => {
  it.each([
    ['a,b\n1,2\n', 'a,b\n1,2\n'],
    ['=1+1', "'=1+1"],
    ['a,=1+1\n+x,@y\n-z,"=q"\n', "a,'=1+1\n'+x,'@y\n'-z,\"'=q\"\n"],
    ['-5,+3.2,-1e9,"-1,234.5",-12 %\n', '-5,+3.2,-1e9,"-1,234.5",-12 %\n'],
    ['-2+3+cmd|x\n', "'-2+3+cmd|x\n"],
    ['a;=x\ta', "a;'=x\ta"],
    ['"a ""=b""",=c\n', '"a ""=b""",\'=c\n'],
    ['"a\n=b"\r\n=c\r\n', '"a\n=b"\r\n\'=c\r\n'],
    ['"\t=x","\r=y"\n', '"\'\t=x","\'\r=y"\n'],
    ['\ufeff=x,1\n', "\ufeff'=x,1\n"],
    ['＝x,＋y,－z,＠q\n', "'＝x,'＋y,'－z,'＠q\n"],
    [`=${'x'.repeat(500)},=b\n`, `'=${'x'.repeat(500)},'=b\n`],
    ['"=1"2",=3\n', '"\'=1"2",=3\n'.replace('",=3', '",\'=3')],
    ['"=open', '"\'=open'],
    ['äöü,=日本\n', "äöü,'=日本\n"],
    ['', ''],
  ])('has no formula: %j', async (text, wanted) => {
    verifies('files.inert')
    for (const step of [1, 2, 3, 7, 10_000]) expect(await defused(text, step)).toBe(wanted)
  })
})

describe('a file that goes out', () => {
  const file = (mediaType: string, text: string) => ({ mediaType, content: Buffer.from(text).toString('base64') })

  it.each([
    ['text/csv', '=1', "'=1"],
    ['text/csv; charset=utf-8', '=1', "'=1"],
    ['text/tab-separated-values', 'a\t=1', "a\t'=1"],
    ['text/plain', '=1', '=1'],
    ['application/json', '"=1"', '"=1"'],
    ['text/csv', `${'a,b\n'.repeat(40_000)}=1`, `${'a,b\n'.repeat(40_000)}'=1`],
  ])('of the type %s has no formula where it is a table', async (mediaType, text, wanted) => {
    expect(await withoutFormulas(file(mediaType, text))).toEqual(file(mediaType, wanted))
  })
})
