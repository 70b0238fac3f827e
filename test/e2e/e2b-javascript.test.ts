import { CommandExitError, FileNotFoundError, InvalidArgumentError, Sandbox, TimeoutError } from '@e2b/code-interpreter'
import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sallyport } from '../support/cli/sallyport-process.ts'
import { e2bBlock } from '../support/e2b/client-blocks.ts'
import { ProgramsService } from '../support/surfaces/programs-service.ts'
import { verifies } from '../support/verifies.ts'

let service: ProgramsService
const before = { ...process.env }
beforeAll(async () => {
  service = await ProgramsService.start()
  // The clients read nothing but these.
  Object.assign(process.env, service.variablesOfE2b(service.served.key))
})
afterAll(async () => {
  for (const name of ['E2B_API_URL', 'E2B_SANDBOX_URL', 'E2B_API_KEY']) delete process.env[name]
  Object.assign(process.env, before)
  await service[Symbol.asyncDispose]()
})

/** What it rejects with. */
const failure = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    (value) => {
      throw new Error(`it came to ${JSON.stringify(value)}`)
    },
    (thrown: unknown) => thrown as Error,
  )

describe('@e2b/code-interpreter, unmodified', () => {
  let sandbox: Sandbox
  beforeAll(async () => {
    sandbox = await Sandbox.create({ timeoutMs: 600_000, metadata: { purpose: 'tests & more' } })
  })
  afterAll(() => sandbox.kill())

  it('runs five cells with three charts, each with its data, in one session', async () => {
    verifies('e2b.javascript')
    const one = await sandbox.runCode(
      'import pandas as pd\nd = pd.DataFrame({"month": ["a", "b"], "sales": [3, 5]})\nd',
    )
    expect(one.results[0]?.data).toEqual({ month: ['a', 'b'], sales: [3, 5] })
    expect(one.results[0]?.html).toContain('<table')
    const two = await sandbox.runCode(
      'import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4]); plt.title("T"); plt.show()',
    )
    const three = await sandbox.runCode('plt.bar(d.month, d.sales); plt.show()')
    const four = await sandbox.runCode('plt.boxplot([[1, 2, 3, 9]]); plt.show()')
    const five = await sandbox.runCode('int(d.sales.sum())')
    const charts = [two, three, four].map(({ results: [result] }) => result)
    expect(
      charts.map((chart) =>
        Buffer.from(chart?.png ?? '', 'base64')
          .subarray(1, 4)
          .toString(),
      ),
    ).toEqual(['PNG', 'PNG', 'PNG'])
    expect(charts.map((chart) => chart?.chart?.type)).toEqual(['line', 'bar', 'box_and_whisker'])
    expect(charts[0]?.chart).toMatchObject({
      title: 'T',
      elements: [
        {
          points: [
            [1, 3],
            [2, 4],
          ],
        },
      ],
    })
    expect(charts[1]?.chart).toMatchObject({
      elements: [
        { label: 'a', value: 3 },
        { label: 'b', value: 5 },
      ],
    })
    expect(charts[2]?.chart).toMatchObject({ elements: [{ min: 1, max: expect.any(Number) }] })
    expect([five.text, five.executionCount]).toEqual(['8', 5])
  })

  it('hands on output, results and errors as they come, whatever letters they have', async () => {
    const heard: string[] = []
    const run = await sandbox.runCode('import sys\nprint("Zoë 🙂")\nprint("oh", file=sys.stderr)\ndisplay(1)\n1/0', {
      onStdout: ({ line }) => void heard.push(`out ${line}`),
      onStderr: ({ line }) => void heard.push(`err ${line}`),
      onResult: ({ text }) => void heard.push(`result ${text}`),
      onError: ({ name }) => void heard.push(`error ${name}`),
    })
    expect(heard.toSorted()).toEqual(['err oh\n', 'error ZeroDivisionError', 'out Zoë 🙂\n', 'result 1'])
    expect(run.error?.traceback).toContain('1/0')
    expect(run.logs.stdout.join('')).toBe('Zoë 🙂\n')
  })

  it('runs JavaScript, TypeScript and bash, and says which languages there are', async () => {
    expect((await sandbox.runCode('[1, 2].length', { language: 'js' })).text).toBe('2')
    expect((await sandbox.runCode('const n: number = 3; n', { language: 'ts' })).text).toBe('3')
    const shell = await sandbox.runCode('echo "$((2 + 2))"; exit 3', { language: 'bash' })
    expect([shell.logs.stdout.join(''), shell.error?.value]).toEqual(['4\n', 'exit status 3'])
    expect((await failure(sandbox.runCode('1', { language: 'java' }))).message).toContain(
      'There are python, javascript',
    )
  })

  it('gives a chart of more than a megabyte whole', async () => {
    const { results } = await sandbox.runCode(
      'import numpy as np\nplt.figure(figsize=(9, 9)); plt.imshow(np.random.rand(900, 900, 3), interpolation="none"); plt.show()',
    )
    const png = Buffer.from(results[0]?.png ?? '', 'base64')
    expect(png.length).toBeGreaterThan(1_000_000)
    expect(png.subarray(-8, -4).toString()).toBe('IEND')
  })

  it('takes and gives a CSV of 5 MB, byte for byte', async () => {
    const rows = Array.from({ length: 310_000 }, (_, row) => `${row},${row % 7},item ${row % 90}`)
    const csv = `id,day,what\n${rows.join('\n')}\n`
    expect(csv.length).toBeGreaterThan(5_000_000)
    expect(await sandbox.files.write('in/big.csv', csv)).toMatchObject({
      path: '/mnt/data/in/big.csv',
      name: 'big.csv',
    })
    expect(
      (await sandbox.runCode('t = pd.read_csv("in/big.csv"); t.to_csv("out.csv", index=False); len(t)')).text,
    ).toBe('310000')
    expect((await sandbox.files.read('out.csv')) === csv).toBe(true)
  })

  it('writes, lists, finds, moves and removes files', async () => {
    await sandbox.files.write([
      { path: 'a/one.txt', data: '1' },
      { path: '/mnt/data/a/b/two.txt', data: new Blob(['22']) },
    ])
    const listed = await sandbox.files.list('a', { depth: 2 })
    expect(listed.map(({ path, type, size }) => [path, type, size])).toEqual([
      ['/mnt/data/a/b', 'dir', 0],
      ['/mnt/data/a/b/two.txt', 'file', 2],
      ['/mnt/data/a/one.txt', 'file', 1],
    ])
    expect([await sandbox.files.makeDir('a/new'), await sandbox.files.makeDir('a/new')]).toEqual([true, false])
    expect((await sandbox.commands.run('ls -d a/new')).stdout).toBe('a/new\n')
    expect(await sandbox.files.rename('a/b', 'moved')).toMatchObject({ path: '/mnt/data/moved', type: 'dir' })
    expect(await sandbox.files.read('moved/two.txt')).toBe('22')
    expect(await sandbox.files.getInfo('a/one.txt')).toMatchObject({ name: 'one.txt', size: 1 })
    await sandbox.files.remove('a')
    expect([await sandbox.files.exists('a'), await sandbox.files.exists('moved')]).toEqual([false, true])
  })

  it.each([
    ['an absolute path', '/etc/passwd', InvalidArgumentError],
    ['the folder of another system', '/home/user/x', InvalidArgumentError],
    ['a path that climbs', '../../etc/passwd', Error],
    ['a path that climbs from within', '/mnt/data/../../etc/passwd', Error],
    ['a name that is turned around', 'a\u202egpj.exe', Error],
    ['no file', 'none.txt', FileNotFoundError],
  ])('reads and writes nothing outside of the sandbox: %s', async (_what, path, kind) => {
    expect(await failure(sandbox.files.read(path))).toBeInstanceOf(kind)
    if (kind !== FileNotFoundError) expect(await failure(sandbox.files.write(path, 'x'))).toBeInstanceOf(Error)
  })

  it('does not follow a link out of its folder', async () => {
    await sandbox.commands.run('ln -sf /etc/passwd link.txt')
    expect(await failure(sandbox.files.read('link.txt'))).toBeInstanceOf(FileNotFoundError)
  })

  it('runs commands with folder, variables and both streams', async () => {
    const heard: string[] = []
    const thrown = await failure(
      sandbox.commands.run('echo "$WHO in $(pwd)"; echo no >&2; exit 4', {
        cwd: 'moved',
        envs: { WHO: "it's $HOME" },
        onStdout: (text) => void heard.push(text),
        onStderr: (text) => void heard.push(text),
      }),
    )
    expect(thrown).toBeInstanceOf(CommandExitError)
    expect(thrown).toMatchObject({ exitCode: 4, stdout: "it's $HOME in /mnt/data/moved\n", stderr: 'no\n' })
    expect(heard.join('')).toContain("it's $HOME")
    expect(await sandbox.commands.run('true')).toMatchObject({ exitCode: 0, stdout: '' })
  })

  it('lists a command in the background, and kills it', async () => {
    const handle = await sandbox.commands.run('sleep 60', { background: true })
    expect(await sandbox.commands.list()).toMatchObject([{ pid: handle.pid, args: ['-l', '-c', 'sleep 60'] }])
    expect(await handle.kill()).toBe(true)
    expect(await failure(handle.wait())).toMatchObject({ exitCode: 137 })
    expect([await sandbox.commands.list(), await sandbox.commands.kill(handle.pid)]).toEqual([[], false])
  })

  it('keeps variables of contexts apart, and restarts and removes them', async () => {
    await sandbox.files.write('shared.txt', 'both')
    await sandbox.runCode('mine = 1')
    const context = await sandbox.createCodeContext({ language: 'python' })
    expect((await sandbox.runCode('mine = 2; open("shared.txt").read()', { context })).text).toBe("'both'")
    expect((await sandbox.runCode('mine')).text).toBe('1')
    await sandbox.files.write('later.txt', 'too')
    expect((await sandbox.runCode('(mine, open("later.txt").read())', { context })).text).toBe("(2, 'too')")
    expect((await sandbox.listCodeContexts()).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['python', context.id]),
    )
    await sandbox.restartCodeContext(context)
    expect((await sandbox.runCode('mine', { context })).error?.name).toBe('NameError')
    expect((await sandbox.runCode('open("shared.txt").read()', { context })).text).toBe("'both'")
    await sandbox.removeCodeContext(context)
    expect((await failure(sandbox.runCode('1', { context }))).message).toContain('There is no context')
    expect((await sandbox.runCode('mine')).text).toBe('1')
  })

  it('ends a program whose time is over by the client, and keeps the session', async () => {
    await sandbox.runCode('kept = 7')
    const endless = sandbox.runCode('import time\nwhile True: time.sleep(0.1)', { timeoutMs: 1_000 })
    expect(await failure(endless)).toBeInstanceOf(TimeoutError)
    expect((await sandbox.runCode('kept')).text).toBe('7')
  })

  it('hands on the output of a long program while it runs', async () => {
    let [first, running] = ['', true]
    const run = sandbox.runCode(
      'import time\nfor n in range(8):\n  print(("row %d, " % n) * 300, flush=True); time.sleep(0.5)',
      {
        onStdout: ({ line }) => {
          if (running && first === '') first = line
        },
      },
    )
    await expect.poll(() => first).toContain('row 0, ')
    const state = await Promise.race([run.then(() => 'over'), sleep(0, 'running')])
    running = false
    expect(state).toBe('running')
    expect((await run).logs.stdout.join('')).toContain('row 7, ')
  })

  it('is told of, listed a page at a time, and connected to again', async () => {
    const other = await Sandbox.create()
    try {
      expect(await sandbox.getInfo()).toMatchObject({
        metadata: { purpose: 'tests & more' },
        allowInternetAccess: false,
        state: 'running',
      })
      const mine = await Sandbox.list({ query: { metadata: { purpose: 'tests & more' } } }).nextItems()
      expect(mine.map(({ sandboxId }) => sandboxId)).toEqual([sandbox.sandboxId])
      const pages = Sandbox.list({ limit: 1 })
      const [[one], [two]] = [await pages.nextItems(), await pages.nextItems()]
      expect([one?.sandboxId, two?.sandboxId, pages.hasNext]).toEqual([other.sandboxId, sandbox.sandboxId, false])
      await sandbox.runCode('still = 3')
      expect((await (await Sandbox.connect(sandbox.sandboxId)).runCode('still')).text).toBe('3')
    } finally {
      await other.kill()
    }
  })

  it('signs links to files, which open that file alone and for their time', async () => {
    await sandbox.files.write('linked.txt', 'read me')
    const link = await sandbox.downloadUrl('linked.txt', { useSignatureExpiration: 60 })
    const answer = await fetch(link)
    expect([answer.status, await answer.text()]).toEqual([200, 'read me'])
    expect(answer.headers.get('content-disposition')).toBe('attachment')
    for (const wrong of [
      link.replace('linked', 'shared'),
      link.replace(/signature_expiration=\d/, '$&9'),
      link.replace('v1_', 'v1_A'),
    ]) {
      expect((await fetch(wrong)).status).toBe(401)
    }
    const past = await sandbox.downloadUrl('linked.txt', { useSignatureExpiration: -1 })
    expect((await fetch(past)).status).toBe(401)
    // One to read is none to write.
    expect((await fetch(link, { method: 'POST', body: 'x' })).status).toBe(401)
    const form = new FormData()
    form.append('file', new Blob(['sent']), 'any')
    await fetch(await sandbox.uploadUrl('sent.txt'), { method: 'POST', body: form })
    expect(await sandbox.files.read('sent.txt')).toBe('sent')
  })

  it.each([
    ['a network', () => Sandbox.create({ allowInternetAccess: true }), 'no network'],
    ['variables', () => Sandbox.create({ envs: { KEY: 'x' } }), 'envVars'],
    ['another template', () => Sandbox.create('mine'), 'templates code-interpreter-v1'],
    ['a pause at its end', () => Sandbox.create({ lifecycle: { onTimeout: 'pause' } }), 'cannot be paused'],
    ['more time than there is', () => Sandbox.create({ timeoutMs: 90_000_000 }), 'at most'],
    ['variables of a program', () => sandbox.runCode('1', { envs: { KEY: 'x' } }), 'env_vars'],
    ['another user', () => sandbox.commands.run('id', { user: 'root' }), 'Nothing runs as "root"'],
    ['standard input', () => sandbox.commands.run('cat', { stdin: true, background: true }), 'standard input'],
    ['a terminal', () => sandbox.pty.create({ cols: 80, rows: 24, onData: () => undefined }), 'no terminal'],
    ['a watch', () => sandbox.files.watchDir('.', () => undefined), 'does not watch folders'],
    ['a pause', () => sandbox.pause(), 'does not pause'],
    ['metrics', () => sandbox.getMetrics(), 'does not measure'],
    ['a folder of a context', () => sandbox.createCodeContext({ cwd: '/tmp' }), '/mnt/data'],
  ])('says plainly that there is not: %s', async (_what, ask, said) => {
    expect((await failure(ask())).message).toContain(said)
  })

  it('runs what the page on clients shows', async () => {
    // Within the checkout, where its packages are found.
    const file = resolve(import.meta.dirname, `../support/e2b/page-${process.pid}.ts`)
    writeFileSync(file, e2bBlock('ts'))
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', file])
      expect(stdout).toBe('8 bar\n3\n')
    } finally {
      rmSync(file)
    }
  })

  it('leaves what its programs did in the audit trail', () => {
    expect(service.facts('execution').map(({ language }) => language)).toEqual(
      expect.arrayContaining(['python', 'javascript', 'typescript', 'shell']),
    )
    expect(service.facts('execution-result').map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining(['ok', 'user-error', 'cancelled']),
    )
  })
})

describe('a sandbox of E2B that ends', () => {
  let sandbox: Sandbox
  beforeEach(async () => {
    sandbox = await Sandbox.create()
  })
  afterEach(() => sandbox.kill())

  it('is gone when it was killed, with what runs in it', async () => {
    await sandbox.runCode('1')
    const running = sandbox.runCode('import time\nprint("x" * 5000, flush=True)\ntime.sleep(60)')
    await expect.poll(() => service.facts('execution').length).toBeGreaterThan(1)
    await sleep(500)
    expect(await sandbox.kill()).toBe(true)
    // Never a silent end: what ran says that it was cut.
    expect((await running).error).toBeDefined()
    expect([await sandbox.isRunning(), await sandbox.kill()]).toEqual([false, false])
    expect(await failure(sandbox.runCode('1'))).toBeInstanceOf(TimeoutError)
    expect((await failure(sandbox.files.read('x'))).message).toContain('was not found')
    expect((await failure(sandbox.commands.run('ls'))).name).toMatch(/NotFound|Timeout/)
  })

  it('is gone at its time, used or not', async () => {
    await sandbox.runCode('1')
    const running = sandbox.runCode('import time\ntime.sleep(60)')
    await sandbox.setTimeout(1_000)
    expect((await running).error).toBeDefined()
    expect(await sandbox.isRunning()).toBe(false)
    expect((await failure(sandbox.getInfo())).name).toBe('SandboxNotFoundError')
  })
})

describe('who may not', () => {
  it('an unknown key opens nothing', async () => {
    expect((await failure(Sandbox.create({ apiKey: 'sp-nobody' }))).name).toBe('AuthenticationError')
  })

  it('a key without the scope opens nothing', async () => {
    const apiKey = await service.keyWithScope('sql')
    expect((await failure(Sandbox.create({ apiKey }))).message).toContain('execute')
  })

  it('a group that may run nothing opens nothing', async () => {
    const apiKey = await service.keyOf('readers')
    expect((await failure(Sandbox.create({ apiKey }))).message).toContain('gateway.groups.readers.tools')
  })

  it('a group without run_shell runs Python and no command', async () => {
    const sandbox = await Sandbox.create({ apiKey: await service.keyOf('pythonists') })
    try {
      expect((await sandbox.runCode('1')).text).toBe('1')
      expect((await failure(sandbox.commands.run('ls'))).message).toContain('run_shell')
      expect((await failure(sandbox.runCode('ls', { language: 'bash' }))).message).toContain('run_shell')
    } finally {
      await sandbox.kill()
    }
  })

  it('a used-up quota runs nothing more', async () => {
    const sandbox = await Sandbox.create({ apiKey: await service.keyOf('hurried') })
    try {
      await sandbox.runCode('import time; time.sleep(2.5)')
      expect((await failure(sandbox.runCode('1'))).message).toContain('milliseconds of sandboxes')
    } finally {
      await sandbox.kill()
    }
  })

  it('another caller finds, uses and ends no sandbox of somebody', async () => {
    const apiKey = await service.keyOf('default')
    const sandbox = await Sandbox.create()
    try {
      for (const ask of [
        () => Sandbox.connect(sandbox.sandboxId, { apiKey }),
        () => Sandbox.getInfo(sandbox.sandboxId, { apiKey }),
      ]) {
        expect((await failure(ask())).name).toBe('SandboxNotFoundError')
      }
      expect(await Sandbox.kill(sandbox.sandboxId, { apiKey })).toBe(false)
      expect(await Sandbox.list({ apiKey }).nextItems()).toEqual([])
      expect((await sandbox.runCode('1')).text).toBe('1')
    } finally {
      await sandbox.kill()
    }
  })

  it('a revoked key runs nothing more in the sandboxes that it has opened', async () => {
    const { environment } = service.served
    const made = await sallyport(['keys', 'create', 'mallory', '--output', 'json'], { environment })
    const { id, key: apiKey } = JSON.parse(made.stdout) as { readonly id: string; readonly key: string }
    const sandbox = await Sandbox.create({ apiKey })
    expect((await sandbox.runCode('1')).text).toBe('1')
    expect(await sallyport(['keys', 'revoke', id], { environment })).toMatchObject({ code: 0 })
    await expect.poll(async () => sandbox.runCode('1').then(() => '', String)).toContain('401')
  })
})
