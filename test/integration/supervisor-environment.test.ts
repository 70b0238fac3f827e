import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onlyResult, SupervisorHarness } from '../support/sandbox/supervisor-harness.ts'

let supervisor: SupervisorHarness
beforeAll(async () => {
  supervisor = await SupervisorHarness.start()
})
afterAll(async () => {
  await supervisor[Symbol.asyncDispose]()
})

/** Pools of threads of several libraries; without gVisor the kernel counts those of all sandboxes of a uid together. */
const manyThreads = { processes: 512 }

const only = (code: string) => onlyResult(supervisor, code)

async function errorOf(code: string): Promise<{ name: string; value: string; traceback: string }> {
  const { done } = await supervisor.run(code)
  expect(done.error).not.toBeNull()
  return done.error!
}

describe('a value as JSON', () => {
  it.each([
    [
      'integers beyond 2^53',
      '{"id": 12345678901234567890, "n": -(2**53) - 1, "m": 2**53}',
      {
        id: '12345678901234567890',
        n: '-9007199254740993',
        m: 9007199254740992,
      },
    ],
    ['integers of 400 digits', '{"x": 10**400}', { x: `1${'0'.repeat(400)}` }],
    ['nested ones', '[{"a": [{"b": (2**64, 1)}]}]', [{ a: [{ b: ['18446744073709551616', 1] }] }]],
    [
      'numpy integers',
      '__import__("numpy").array([1])[:0].tolist() or {"x": __import__("numpy").uint64(2**64 - 1)}',
      {
        x: '18446744073709551615',
      },
    ],
    [
      'numpy float32',
      '{"x": __import__("numpy").float32(0.1), "y": __import__("numpy").bool_(True)}',
      { x: 0.1, y: true },
    ],
    ['plain values', '{"a": 1, "b": [1.5, None, True, "ä"]}', { a: 1, b: [1.5, null, true, 'ä'] }],
  ])('D8: keeps every digit of %s', async (_, code, json) => {
    expect((await only(code))['json']).toEqual(json)
  })

  it.each([
    ['complex numbers', '{"x": 1j}'],
    ['decimals', '{"x": __import__("decimal").Decimal("0.1")}'],
    ['fractions', '{"x": __import__("fractions").Fraction(1, 3)}'],
    ['bytes', '{"x": b"ab"}'],
    ['dates', '{"x": __import__("datetime").date(2026, 1, 2)}'],
    ['dates of numpy, which would be counted nanoseconds', '{"x": __import__("numpy").datetime64("2026-01-02", "ns")}'],
    ['sets', '{"x": {1, 2}}'],
    ['not-numbers', '{"x": float("nan")}'],
    ['infinities', '[float("inf")]'],
    ['keys that are not-numbers', '{float("nan"): 1}'],
    ['keys that are numbers', '{1: "a"}'],
    ['integers of more digits than Python writes', '{"x": 10**5000}'],
    ['what holds itself', 'x = {}\nx["x"] = x\nx'],
    ['what is deeper than anybody reads', 'x = []\nfor _ in range(900): x = [x]\nx'],
    ['long doubles', '{"x": __import__("numpy").longdouble("0.1")}'],
  ])('D8: leaves out %s, and shows the text all the same', async (_, code) => {
    const item = await only(code)
    expect(item['json']).toBeUndefined()
    expect(item['text']).toEqual(expect.any(String))
  })
})

describe('a value of JavaScript as JSON', () => {
  beforeAll(async () => {
    await supervisor.run('1', { language: 'javascript' })
  })
  const item = async (code: string) => (await supervisor.run(code, { language: 'javascript' })).items[0] ?? {}

  it('D8: keeps every digit', async () => {
    expect((await item('({ id: 12345678901234567890n, a: [{ b: 1.5 }] })'))['json']).toEqual({
      id: '12345678901234567890',
      a: [{ b: 1.5 }],
    })
  })

  it.each(['[NaN]', '({ a: { b: -Infinity } })', '[undefined]', '({ a: new Map([[1, 2]]) })', '[/x/]', '({ f() {} })'])(
    'D8: leaves out %s, and shows its text',
    async (code) => {
      const shown = await item(code)
      expect(shown['json']).toBeUndefined()
      expect(shown['text']).toEqual(expect.any(String))
    },
  )
})

describe('a table', () => {
  it('D9: shows infinities by name, missing values as null, and float32 as people write it', async () => {
    const item = await only(
      'import numpy as np, pandas as pd\n' +
        'pd.DataFrame({"x": [1.5, np.nan, np.inf, -np.inf], "f": np.array([0.1, 3.3, np.nan, np.inf], "float32"), ' +
        '"h": np.array([0.1, 1, 2, 3], "float16"), "n": pd.array([0.1, None, 2, 3], dtype="Float32")})',
    )
    expect(item['data']).toMatchObject({
      rows: [
        [1.5, 0.1, 0.1, 0.1],
        [null, 3.3, 1, null],
        ['Infinity', null, 2, 2],
        ['-Infinity', 'Infinity', 3, 3],
      ],
    })
  })

  it.each([
    ['polars', 'import polars as pl\npl.DataFrame({"x": [0.1, float("inf"), None]}, schema={"x": pl.Float32})'],
    ['Arrow', 'import pyarrow as pa\npa.table({"x": pa.array([0.1, float("inf"), None], pa.float32())})'],
  ])('D9: does so for %s', async (_, code) => {
    expect((await only(code))['data']).toMatchObject({ rows: [[0.1], ['Infinity'], [null]] })
  })

  it('D9: does so for decimals, and for a column of arrays', async () => {
    const code =
      'import decimal, numpy as np, pandas as pd\nD = decimal.Decimal\n' +
      'pd.DataFrame({"d": [D("1.10"), D("-Infinity"), D("NaN")], "a": [np.array([0.1], "float32")] * 3})'
    expect((await only(code))['data']).toMatchObject({
      rows: [
        ['1.10', [0.1]],
        ['-Infinity', [0.1]],
        [null, [0.1]],
      ],
    })
  })

  it('W9: stands for its style, whose own text is an address', async () => {
    const item = await only('import pandas as pd\npd.DataFrame({"a": [1]}).style.format("{:.2f}")')
    expect(item['data']).toMatchObject({ rows: [[1]] })
    expect(item['text']).not.toContain('0x')
  })
})

describe('waiting at the top of a cell', () => {
  const double = 'import asyncio\nasync def f(i):\n    await asyncio.sleep(0)\n    return i\n'

  it.each([
    ['tasks made before', 'ts = [asyncio.create_task(f(i)) for i in range(3)]\nawait asyncio.gather(*ts)', '[0, 1, 2]'],
    ['a future made before', 'x = asyncio.gather(f(1), f(2))\nawait x', '[1, 2]'],
    [
      'a future that a callback fills',
      'x = asyncio.get_running_loop().create_future()\nasyncio.get_running_loop().call_soon(x.set_result, 7)\nawait x',
      '7',
    ],
    ['a task that a function made', 'def go(): return asyncio.create_task(f(9))\nt = go()\nprint("on")\nawait t', '9'],
    [
      'a queue and a group',
      'q = asyncio.Queue()\nq.put_nowait(3)\nasync with asyncio.TaskGroup() as g: g.create_task(f(1))\nawait q.get()',
      '3',
    ],
    ['async for', 'async def g():\n    yield 1\n    yield 2\n[x async for x in g()]', '[1, 2]'],
  ])('W8: is within one event loop with %s', async (_, code, shown) => {
    expect((await only(`${double}${code}`))['text']).toBe(shown)
  })

  it('W8: get_event_loop gives the loop of the session, also after asyncio.run and after one that was closed', async () => {
    await supervisor.run('import asyncio\nasync def four(): return 4')
    const code = 'loop = asyncio.get_event_loop()\nloop.run_until_complete(four())'
    for (const before of ['', 'asyncio.run(four())', 'await four()', 'loop.close()']) {
      await supervisor.run(before)
      const { items, stderr, done } = await supervisor.run(code)
      expect([items, stderr, done.error]).toEqual([[{ text: '4' }], '', null])
    }
  })

  it('W8: finds in a later cell the tasks of an earlier one, which waited for nothing', async () => {
    await supervisor.run(`${double}later = [asyncio.create_task(f(i)) for i in range(3)]`)
    expect((await only('await asyncio.gather(*later)'))['text']).toBe('[0, 1, 2]')
  })

  it('W8: leaves a program that starts a loop of its own alone', async () => {
    expect((await only(`${double}asyncio.run(f(5))`))['text']).toBe('5')
    expect((await only(`${double}x = asyncio.run(f(5))\nawait f(x + 1)`))['text']).toBe('6')
    const shown = await only(
      `${double}async def main():\n    return sum(await asyncio.gather(f(1), f(2)))\nasyncio.run(main())`,
    )
    expect(shown['text']).toBe('3')
  })

  it('W8: keeps settings that libraries hold by context, whether the cell waited or not', async () => {
    await supervisor.run(
      'import decimal, asyncio, numpy as np\nawait asyncio.sleep(0)\ndecimal.getcontext().prec = 5\nnp.set_printoptions(precision=2)',
    )
    expect((await only('decimal.Decimal(1) / 3'))['text']).toBe("Decimal('0.33333')")
    expect((await only('np.array([1/3])'))['text']).toBe('array([0.33])')
    await supervisor.run('np.set_printoptions(precision=3)')
    expect((await only('await asyncio.sleep(0)\nnp.array([1/3])'))['text']).toBe('array([0.333])')
  })

  it('W8: tells an error by the lines of the cell alone', async () => {
    const { traceback } = await errorOf(`${double}await f(1)\n1 / 0`)
    expect(traceback).toContain('1 / 0')
    expect(traceback).not.toContain('sallyport')
  })
})

describe('what notebooks use', () => {
  it.each([
    [
      'HTML',
      'HTML("<p>a <b>c</b></p><script>x</script>")',
      { html: '<p>a <b>c</b></p><script>x</script>', text: 'a c' },
    ],
    ['Markdown', 'Markdown("# t")', { markdown: '# t', text: '# t' }],
    ['Latex', 'Latex("$x$")', { latex: '$x$', text: '$x$' }],
    ['JSON', 'JSON({"a": 1})', { json: { a: 1 } }],
    ['SVG', 'SVG("<svg/>")', { svg: '<svg/>' }],
  ])('W9: IPython.display shows %s', async (kind, code, shown) => {
    expect(await only(`from IPython.display import display, ${kind}\ndisplay(${code})`)).toMatchObject(shown)
    expect(await only(`from IPython.core.display import ${kind}\n${code}`)).toMatchObject(shown)
  })

  it('W9: IPython.display shows a picture from a file and from bytes, and says that there is no network', async () => {
    const saved =
      'import PIL.Image\nPIL.Image.new("RGB", (2, 2)).save("/mnt/data/p.png")\nfrom IPython.display import Image'
    expect(await only(`${saved}\nImage("/mnt/data/p.png")`)).toMatchObject({ png: expect.stringMatching(/^iVBOR/) })
    expect(await only(`${saved}\nImage(data=open("/mnt/data/p.png", "rb").read())`)).toHaveProperty('png')
    expect((await errorOf(`${saved}\nImage(url="https://example.org/a.png")`)).value).toContain('no network')
  })

  it('W9: display is there for the modules of the user too, and get_ipython for those who ask', async () => {
    const code =
      "open('/mnt/data/helper.py', 'w').write('def show(): display(41)')\nimport helper\nhelper.show()\nfrom IPython import get_ipython\nassert get_ipython() is None"
    expect((await only(code))['text']).toBe('41')
  })

  it.each([
    ['a web page', "import urllib.request\nurllib.request.urlopen('https://example.com')", 'There is no network here'],
    ['a data set of seaborn', "import seaborn\nseaborn.load_dataset('tips')", 'There is no network here'],
    ['an address', "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=2)", 'There is no network here'],
    ['a debugger', 'breakpoint()', '(There is nobody to debug here: print what you want to see.)'],
    ['a font by its name', "from PIL import ImageFont\nImageFont.truetype('arial.ttf', 20)", 'Fonts have paths here'],
    ['nest_asyncio', 'import nest_asyncio', '`await` works at the top'],
  ])('W9: %s is an error that says what to use', async (_, code, words) => {
    const { done } = await supervisor.run(code)
    expect([done.reason, done.error?.value]).toEqual(['raised', expect.stringContaining(words)])
    expect(done.error?.value).toMatch(/^\S/)
  })

  it('W9: errors of files say nothing of networks and fonts', async () => {
    expect((await supervisor.run("open('/mnt/data/none')")).done.error?.value).toMatch(/'\/mnt\/data\/none'$/)
  })

  it('W9: input() says what to do instead', async () => {
    const error = await errorOf('name = input("Name? ")')
    expect(error).toMatchObject({
      name: 'EOFError',
      value: expect.stringContaining('write the value into the code') as string,
    })
    expect(error.traceback).not.toContain('sallyport')
  })

  it('W9: __file__ stands in the folder of the data, and does not send child processes to it', async () => {
    expect((await only('from pathlib import Path\nstr(Path(__file__).resolve().parent)'))['text']).toBe("'/mnt/data'")
    expect((await only('"__file__" in globals()'))['text']).toBe('False')
  })

  it.each([
    ['plotly', 'import plotly.express as px', /matplotlib or seaborn/],
    ['requests', 'import requests', /no network/],
    ['xgboost', 'from xgboost import XGBRegressor', /scikit-learn/],
    ['a module nobody knows', 'import frobnicate', /Nothing can be installed here.*polars/s],
    ['a part of IPython', 'import IPython.core.magic', /only IPython.display/],
    ['widgets behind a bar', 'from tqdm.notebook import trange\ntrange(3)', /from tqdm instead of tqdm.notebook/],
    ['a password', 'import getpass\ngetpass.getpass()', /nobody to ask/],
    [
      'a magic',
      "globals().pop('get_ipython', None)\nget_ipython().run_line_magic('matplotlib', 'inline')",
      /leave out magics/,
    ],
    [
      'an optional one of pandas',
      'import pandas\nopen("/mnt/data/a.xls", "wb").write(b"\\xd0\\xcf\\x11\\xe0")\npandas.read_excel("/mnt/data/a.xls", engine="xlrd")',
      /openpyxl/,
    ],
  ])('W9: the error of a missing module (%s) says what to use instead', async (_, code, said) => {
    const error = await errorOf(code)
    expect(error.value).toMatch(said)
    expect(error.traceback).toMatch(said)
  })

  it('W9: all that the tool and the advice name is there, and works as notebooks use it', async () => {
    const code = `import importlib, io
for name in ('numpy pandas polars pyarrow duckdb scipy sklearn statsmodels matplotlib seaborn PIL openpyxl xlsxwriter tqdm tabulate lxml bs4 jinja2 html5lib pytz').split(): importlib.import_module(name)
import pandas as pd
from tqdm.auto import tqdm
df = pd.DataFrame({'a': [1, 2]})
df.to_excel('/mnt/data/w9.xlsx', engine='xlsxwriter')
for _ in tqdm(range(3)): pass
[df.to_markdown().count('|') > 6, pd.read_html(io.StringIO(df.to_html()))[0].shape, pd.read_xml(io.StringIO(df.to_xml())).shape, pd.read_excel('/mnt/data/w9.xlsx').shape]`
    expect((await only(code))['json']).toEqual([true, [2, 2], [2, 2], [2, 2]])
  })

  it('W9: an import that fails in a module that is there gets no advice', async () => {
    expect((await errorOf('from math import nothing')).value).not.toContain('installed')
  })
})

describe('a library that ran out of memory', () => {
  const fill = `def fill(size):
    held = []
    try:
        while True: held.append(bytearray(size))
    except MemoryError: return held
`
  /** The worker may not outlive these: each has a sandbox of its own. */
  const alone = async (code: string) => {
    await using own = await SupervisorHarness.start({ limits: { memory_mb: 600 } })
    return (await own.run(code)).done
  }

  it.each([
    ['polars, which aborts', 'import polars as pl\npl.Series([1]).extend_constant(1, 2**31)', { signaled: 6 }],
    [
      'OpenBLAS, which exits with 1',
      `import numpy as np\na, out = np.random.rand(800, 800), np.empty((800, 800))\n${fill}held = fill(2**20), fill(2**12)\nnp.dot(a, a, out=out)`,
      { exited: 1 },
    ],
  ])('G6: counts as out of memory where the allocator was refused: %s', async (_, code, status) => {
    expect(await alone(code)).toMatchObject({ reason: 'worker-died', evidence: 'memory', status, worker_alive: false })
  })

  it.each([
    ['polars', 'import os, sys\nprint("memory allocation of 99999999999 bytes failed", file=sys.stderr)\nos.abort()'],
    [
      'OpenBLAS',
      'import os\nprint("OpenBLAS error: Memory allocation still failed after 10 retries, giving up.")\nos._exit(1)',
    ],
    [
      'an allocation that failed long before',
      'try: bytearray(2**40)\nexcept MemoryError: pass\nimport os, time\ntime.sleep(6)\nos._exit(1)',
    ],
    ['a status of its own', 'try: bytearray(2**40)\nexcept MemoryError: pass\nimport os\nos._exit(3)'],
  ])('G6: is not what the words of %s say', async (_, code) => {
    expect(await alone(code)).toMatchObject({ reason: 'worker-died', evidence: null })
  })

  it('G6: watches no program that the code starts', async () => {
    const { stdout } = await supervisor.run(
      'import os, subprocess\nprint("LD_PRELOAD" in os.environ, subprocess.run(["env"], capture_output=True, text=True).stdout.count("witness"))',
    )
    expect(stdout).toBe('False 0\n')
  })

  it.each([
    ['multiprocessing', 'import multiprocessing\nwith multiprocessing.Pool(1) as pool: pool.map(work, [0])'],
    [
      'concurrent.futures',
      'from concurrent.futures import *\nwith ProcessPoolExecutor(1) as pool: pool.submit(work, 0).result()',
    ],
  ])('G6: counts as out of memory in a process of a pool of %s that did not raise by itself', async (_, pool) => {
    await using own = await SupervisorHarness.start({ limits: manyThreads })
    const out = await own.run(`def work(_): return len(bytearray(2 ** 40))\n${pool}`)
    expect(out.done).toMatchObject({ reason: 'raised', evidence: 'memory' })
    const lie = await own.run(`def work(_): raise MemoryError('mine')\n${pool}`)
    expect(lie.done).toMatchObject({ reason: 'raised', evidence: null })
  })

  it('G6: counts as out of memory by an exception of its own, and only where the library raised it', async () => {
    const code =
      "import duckdb\nduckdb.sql(\"SET memory_limit='10MB'\")\nduckdb.sql('SELECT list(range) FROM range(20000000)').fetchall()"
    await using own = await SupervisorHarness.start({ limits: manyThreads })
    expect((await own.run(code)).done).toMatchObject({ reason: 'raised', evidence: 'memory' })
    const lie = "import duckdb\nraise duckdb.OutOfMemoryException('no memory')"
    expect((await own.run(lie)).done).toMatchObject({ reason: 'raised', evidence: null })
  })
})

describe('threads', () => {
  it('G3: are as many as the quota is good for, for every library', async () => {
    const code = `import os, multiprocessing, pyarrow, polars, threadpoolctl, numpy, sklearn
names = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS', 'NUMBA_NUM_THREADS', 'POLARS_MAX_THREADS')
counts = {os.cpu_count(), multiprocessing.cpu_count(), pyarrow.cpu_count(), polars.thread_pool_size()}
counts |= {int(os.environ[name]) for name in names} | {pool['num_threads'] for pool in threadpoolctl.threadpool_info()}
counts`
    await using own = await SupervisorHarness.start({ limits: manyThreads })
    const { items, done } = await own.run(code)
    expect(done.error).toBeNull()
    expect(items[0]?.['text']).toBe('{1}')
  })
})
