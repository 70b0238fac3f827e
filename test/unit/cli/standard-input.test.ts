import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { inputName, SpooledInput } from '../../../src/cli/standard-input.ts'

describe('standard input', () => {
  it.each([
    ['a,b\n1,2\n', 'stdin.csv'],
    ['a;b\n1;2\n', 'stdin.csv'],
    ['a\tb\n1\t2\n', 'stdin.tsv'],
    ['[1, 2]', 'stdin.json'],
    ['{"a": 1}', 'stdin.json'],
    ['{"a": 1}\n{"a": 2}\n', 'stdin.jsonl'],
    ['Dear all, hello.\nYours', 'stdin.txt'],
  ])('%j is kept as %s', (head, name) => {
    expect(inputName(head)).toBe(name)
  })

  it.each([
    ['a log', '[2024-01-01 10:00] start, a\n[2024-01-01 10:01] stop, b\n', 'stdin.txt'],
    ['a log of levels', '[INFO] ready\n[WARN] slow\n', 'stdin.txt'],
    ['a log of numbers', '[1234] ready\n[1235] slow\n', 'stdin.txt'],
    ['braces that are no JSON', '{x} one\n{y} two\n', 'stdin.txt'],
    ['a list', '[\n  {"a": 1}\n]\n', 'stdin.json'],
    ['lines of objects', '{"a": [1]}\n{"a": [2]}\n', 'stdin.jsonl'],
  ])('W13: is named for what it is when it is %s', (_what, head, name) => {
    expect(inputName(head)).toBe(name)
  })

  it('W13: is judged by its beginning when it is too long to be parsed', () => {
    expect([inputName('[{"a": 1}, {"a"', null), inputName('[2024-01-01] x', null)]).toEqual(['stdin.json', 'stdin.txt'])
  })

  const spool = (stream: PassThrough, patience: number | null = 20) =>
    SpooledInput.from(stream, {
      limit: { bytes: 100, setting: 'cli.maximum_file_mb' },
      patienceMilliseconds: patience,
    })

  it('is not waited for when nobody writes', async () => {
    expect(await spool(new PassThrough())).toBe('silence')
  })

  it('is nothing when it ends at once', async () => {
    const stream = new PassThrough()
    stream.end()
    expect(await spool(stream, null)).toBe('nothing')
  })

  it('is refused above the limit', async () => {
    const stream = new PassThrough()
    stream.end('x'.repeat(101))
    await expect(spool(stream)).rejects.toThrow('standard input: it is too long, the limit is 100 bytes')
  })
})
