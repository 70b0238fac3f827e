import { describe, expect, it } from 'vitest'
import { runningLines } from '../../../../src/provenance/analyst/running-texts.ts'
import { readTrustedWords } from '../../../../src/provenance/trusted-words.ts'

const files = ['helper.py', 'tools/__init__.py', 'sales.csv']
const linesOf = (program: string, words = 'What is in it?') =>
  runningLines(program, { files, said: readTrustedWords([words]) })

describe('a program that runs what is not written in it', () => {
  it.each([
    "exec(open('/mnt/data/code.txt').read())",
    'eval(text)',
    'values = frame.note.apply(eval)',
    'run = exec',
    "exec(compile(text, 'x', 'exec'))",
    "eval(f'{text}')",
    'import helper',
    'import json, helper as h',
    'from helper import main',
    'from tools import main',
    '    import helper',
  ])('%s', (line) => {
    expect(linesOf(`import pandas\n${line}\nprint(1)`)).toEqual([2])
  })

  it.each([
    'frame.eval("a + b")',
    "frame.query('a > 1')",
    'ast.literal_eval(text)',
    'literal_eval(text)',
    're.compile(text)',
    "eval('1 + 2')",
    '# exec(text)',
    'import pandas, json',
    'from sales import x',
    'model.eval()',
    'evaluate(text)',
    'compile = 1',
    "print('exec')",
  ])('is none with %s', (line) => {
    expect(linesOf(line)).toEqual([])
  })

  it.each(['Use helper.py.', 'Run it with the helper.', 'What does `helper.py` do?'])(
    'is none with a module that the person names: %s',
    (words) => {
      expect(linesOf('import helper', words)).toEqual([])
    },
  )
})
