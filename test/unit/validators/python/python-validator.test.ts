import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { codeValidatorOptions, ruleCategories } from '../../../../src/validators/options.ts'
import { createPythonValidator } from '../../../../src/validators/python/python-validator.ts'
import { corpus } from '../../../support/corpora/corpora.ts'

interface Rows {
  readonly refused: readonly { readonly code: string; readonly rules: readonly string[] }[]
  readonly accepted: readonly string[]
}

const rows = JSON.parse(readFileSync(new URL('../../../attack/python-source.json', import.meta.url), 'utf8')) as Rows
const never = new AbortController().signal
const strict = createPythonValidator(codeValidatorOptions.parse({ forbid: [...ruleCategories], profile: 'strict' }))
const standard = createPythonValidator(codeValidatorOptions.parse({}))

async function rulesOf(code: string, validator = strict): Promise<readonly string[]> {
  const verdict = await validator.validate(code, never)
  return verdict.kind === 'refused' ? verdict.findings.map((finding) => finding.rule) : []
}

describe('the Python validator', () => {
  it.each(rows.refused)('refuses $code', async ({ code, rules }) => {
    expect(await rulesOf(code)).toEqual(rules)
  })

  it.each(rows.accepted)('accepts %s', async (code) => {
    const verdict = await strict.validate(code, never)
    expect(verdict).toMatchObject({ kind: 'accepted', value: { language: 'python', text: code } })
  })

  it('points at the line and column, in UTF-16 units', async () => {
    const verdict = await strict.validate("x = 1\ny = '😀'; eval('1')", never)
    expect(verdict).toMatchObject({ findings: [{ rule: 'python/dynamic-code', line: 2, column: 11 }] })
  })

  it('says what is allowed instead', async () => {
    const verdict = await strict.validate('import requests', never)
    const [finding] = verdict.kind === 'refused' ? verdict.findings : []
    expect(finding?.message).toBe(
      '"requests" reaches for the network, and there is none here; work with the files in /mnt/data.',
    )
  })

  it.each([
    ['%matplotlib inline\nx = 1', 'figures are shown by themselves'],
    ['!pip install requests', 'nothing can be installed'],
    ['%pip install requests', 'nothing can be installed'],
    ['%timeit sum(range(10))', 'time.perf_counter()'],
    ['%%time\nx = 1', 'time.perf_counter()'],
    ['files = !ls', 'use os and pathlib'],
    ['%%bash\nls', 'use os, pathlib and shutil'],
    ['if True:\n    !echo hi', 'write plain Python'],
    ['import numpy as np\nnp.mean?', 'Notebook help (?)'],
    ['?print', 'Notebook help (?)'],
    ['a.b()??', 'Notebook help (?)'],
    ['a = 5 5', 'does not parse near "5"'],
    ['x = 7\n% 2', 'does not parse near'],
  ])('W9: says what to write instead of %j', async (code, words) => {
    const verdict = await standard.validate(code, never)
    const messages = verdict.kind === 'refused' ? verdict.findings.map(({ message }) => message) : []
    expect(messages[0]).toContain(words)
  })

  it('lets a group allow a category, and keeps the parse check when all are allowed', async () => {
    const parseOnly = createPythonValidator(codeValidatorOptions.parse({ forbid: [] }))
    expect(await rulesOf('import subprocess', parseOnly)).toEqual([])
    expect(await rulesOf('def f(:', parseOnly)).toEqual(['python/syntax'])
    const network = createPythonValidator(codeValidatorOptions.parse({ forbid: ['network'] }))
    expect(await rulesOf('import subprocess\nimport socket', network)).toEqual(['python/network'])
  })

  it('refuses a source that is too long, too deep or too slow to read, without harm to the next', async () => {
    const small = createPythonValidator(codeValidatorOptions.parse({ maximum_source_kb: 1 }))
    expect(await rulesOf('x = 1\n'.repeat(200), small)).toEqual(['source/too-long'])
    expect(await rulesOf(`${'('.repeat(20_000)}1${')'.repeat(20_000)}`)).toEqual(['source/too-deep'])
    expect(await rulesOf(`${'not '.repeat(50_000)}1`)).toEqual(['source/too-deep'])
    const impatient = createPythonValidator(codeValidatorOptions.parse({ parse_deadline_ms: 10 }))
    const slow = 'f(a, b=[1, {2: 3}]) + '.repeat(11_000)
    expect(await rulesOf(`x = ${slow}1`, impatient)).toEqual(['source/too-complex'])
    expect(await rulesOf('x = 1', impatient)).toEqual([])
  })

  it('stops when the caller has gone', async () => {
    await expect(strict.validate('x = 1', AbortSignal.abort())).rejects.toThrow('aborted')
  })

  const humanEval = corpus('workloads/humaneval.jsonl')
  it.skipIf(humanEval === null)('accepts every canonical solution of HumanEval by default', async () => {
    const problems = readFileSync(humanEval ?? '', 'utf8')
      .trim()
      .split('\n')
    const refused: string[] = []
    for (const line of problems) {
      const problem = JSON.parse(line) as Record<'prompt' | 'canonical_solution' | 'test' | 'task_id', string>
      const rules = await rulesOf(`${problem.prompt}${problem.canonical_solution}\n${problem.test}`, standard)
      if (rules.length > 0) refused.push(`${problem.task_id}: ${rules.join(', ')}`)
    }
    expect(problems.length).toBe(164)
    expect(refused).toEqual([])
  })

  it.each([
    'import scipy.stats\nfor name in ["norm"]: getattr(scipy.stats, name).pdf(0)',
    'import gc\ngc.collect()',
    'import os\nos.environ["OMP_NUM_THREADS"] = "1"\nos.getenv("HOME")',
    'import inspect\ninspect.signature(print)',
    'import pickle\nwith open("m.pkl", "wb") as file: pickle.dump({}, file)\npickle.load(open("m.pkl", "rb"))',
    'import joblib\njoblib.dump({}, "m.joblib")\njoblib.load("m.joblib")',
    'import numpy as np\nnp.load("a.npy", allow_pickle=True)',
    'import sys\nsys.path.append("/mnt/data")\nsys.modules.keys()',
    'import importlib\nimportlib.import_module("json")\nfrom importlib.metadata import version',
    'from operator import attrgetter\nsorted([], key=attrgetter("x"))',
    'import multiprocessing, signal, resource, tracemalloc, mmap',
    'from concurrent.futures import ProcessPoolExecutor',
    'from http import HTTPStatus\nimport ssl',
    'import traceback, sys\ntry: 1 / 0\nexcept Exception: sys.exc_info()[2].tb_frame.f_lineno',
    'class A: pass\nA.__mro__, A.mro(), A.__bases__',
  ])(
    'W10: accepts what the sandbox is the wall for anyway; the strict profile refuses it and says why: %s',
    async (code) => {
      expect(await rulesOf(code, standard)).toEqual([])
      const verdict = await strict.validate(code, never)
      const [finding] = verdict.kind === 'refused' ? verdict.findings : []
      expect(finding?.message).toMatch(
        /\(the sandbox holds it; only the strict profile refuses it\)|by a computed name/,
      )
    },
  )

  it.each([
    'getattr(os, name)',
    '().__class__.__subclasses__()',
    'os.system("id")',
    '__import__("os")',
    'import ctypes',
  ])('W10: refuses %s under every profile', async (code) => {
    expect(await rulesOf(`import os\n${code}`, standard)).toHaveLength(1)
  })

  it.each([
    'class Box[T = int]: pass',
    'class Box[T: (int, str) = int, *Ts = *tuple[int, ...], **P = [int, str]](Base[T], x=1): y: T = 1',
    'def f[T: int = bool](x: T = 1) -> T: return x',
    'type Pairs[T = dict[str, "a]b"], U = int] = list[tuple[T, U]]',
    'class A[\n    T = int,  # a ] comment = of two\n    U = str,\n]: pass',
    'for x in *a, 3: pass',
    'async def g():\n    async for x in *a, *b: pass',
    "f'{x:=^10}'",
    'f\'{x:=+{width}.2f} {y!r:=^{w}} {{z:=1}} {(n := 3)} {d["a:=b"]:>3}\'',
    "f'{x:=10}' f'''{\n  y:=^10}'''",
    'try:\n    pass\nexcept A, B:\n    pass',
    't"hi {x:=^10}"',
    "f'{a['b']}'",
    'match x:\n    case {"a": [1, *rest], **kw} if rest: pass',
    'with (open("a") as a, open("b") as b,): pass',
    'x[*a, 1:2]\ndef f(*args: *Ts): pass',
    'lambda a, /, *b, c=1, **d: (yield)',
    'try:\n    pass\nexcept* A as e:\n    pass',
  ])('W10, G7: reads the syntax of Python up to 3.14: %s', async (code) => {
    expect(await rulesOf(code, standard)).toEqual([])
  })

  it('W10: points at the same place in a program with newer syntax, and still sees its errors', async () => {
    const verdict = await strict.validate('class Box[T = int]: pass\nimport subprocess', never)
    expect(verdict).toMatchObject({ findings: [{ rule: 'python/process', line: 2, column: 8 }] })
    expect(await rulesOf('class Box[T = int: pass')).toContain('python/syntax')
    expect(await rulesOf("class Box[T = int]: pass\nx = 'unterminated")).toEqual(['python/syntax'])
  })
})
