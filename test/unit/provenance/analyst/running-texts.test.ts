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
    "import builtins; builtins.exec(open('code.txt').read())",
    "importlib.import_module('helper')",
    "import_module('helper')",
    "runpy.run_path('code.txt')",
    "importlib.util.spec_from_file_location('x', 'code.txt')",
    "pandas.eval(open('code.txt').read())",
    'pd.eval(text)',
    "pd.read_pickle('code.txt')",
    "pickle.load(open('code.txt', 'rb'))",
    'cPickle.loads(text)',
    "joblib.load('code.txt')",
    "numpy.load('code.npy', allow_pickle=True)",
    'yaml.load(text, Loader=yaml.Loader)',
    "duckdb.sql(open('code.txt').read())",
    "duckdb.execute(Path('code.txt').read_text())",
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
    "pd.eval('1 + 2')",
    'numpy.load(path)',
    'yaml.safe_load(text)',
    'json.load(file)',
    "duckdb.sql('SELECT 1')",
    'duckdb.sql(query)',
    'frame.to_pickle(path)',
  ])('is none with %s', (line) => {
    expect(linesOf(line)).toEqual([])
  })

  it.each(['Use helper.py.', 'Run it with the helper.', 'What does `helper.py` do?'])(
    'is none with a module that the person names: %s',
    (words) => {
      expect(linesOf('import helper', words)).toEqual([])
    },
  )

  it('is none with a file of objects that the person names, and is one with another', () => {
    expect(linesOf("pd.read_pickle('/mnt/data/model.pkl')", 'Load model.pkl.')).toEqual([])
    expect(linesOf("pickle.load(open('model.pkl', 'rb'))", 'Load model.pkl.')).toEqual([])
    expect(linesOf("pd.read_pickle('other.pkl')", 'Load model.pkl.')).toEqual([1])
    expect(linesOf('pd.read_pickle(path)', 'Load model.pkl.')).toEqual([1])
  })
})
