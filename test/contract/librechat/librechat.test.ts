import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { librechatAgents, type CodeFile, type CodeTool } from '../../support/librechat/librechat-client.ts'
import { ProgramsService } from '../../support/surfaces/programs-service.ts'
import { verifies } from '../../support/verifies.ts'

const agents = librechatAgents()
if (typeof agents === 'string') process.stderr.write(`SKIPPED: @librechat/agents cannot be had: ${agents}\n`)

let service: ProgramsService
let toolFor: (key: string) => CodeTool
beforeAll(async () => {
  if (typeof agents === 'string') return
  const { createCodeExecutionTool } = await agents.load()
  service = await ProgramsService.start({ sessions: { maximum_per_tenant: 4 } })
  toolFor = (key) => createCodeExecutionTool({ baseUrl: `${service.served.url}/v1`, authHeaders: { 'X-API-Key': key } })
})
afterAll(() => service?.[Symbol.asyncDispose]())

/** As LibreChat's agents call their tool, with the files that the conversation has. */
async function exec(
  code: string,
  {
    lang = 'py',
    files = [] as readonly CodeFile[],
    args,
    key = service.served.key,
  }: {
    readonly lang?: string
    readonly files?: readonly CodeFile[]
    readonly args?: readonly string[]
    readonly key?: string
  } = {},
) {
  const call = { type: 'tool_call', id: 'call_1', name: 'execute_code', args: { lang, code, ...(args && { args }) } }
  return toolFor(key).invoke({ ...call, ...(files.length > 0 && { _injected_files: files }) })
}

const ask = (path: string, key = service.served.key) =>
  fetch(`${service.served.url}/v1${path}`, { headers: { 'x-api-key': key } })

/** The ids of a caller's open sessions. */
async function sessionsOf(key: string): Promise<readonly string[]> {
  const answer = await fetch(`${service.served.url}/v1/sessions`, { headers: { authorization: `Bearer ${key}` } })
  return ((await answer.json()) as { readonly data: readonly { readonly id: string }[] }).data.map(({ id }) => id)
}

/** As LibreChat uploads an attachment. */
async function upload(name: string, content: string, key = service.served.key): Promise<CodeFile> {
  const form = new FormData()
  form.append('kind', 'user')
  form.append('id', 'somebody')
  form.append('file', new Blob([content]), name)
  const headers = { 'x-api-key': key, 'user-id': 'somebody' }
  const answer = await fetch(`${service.served.url}/v1/upload`, { method: 'POST', headers, body: form })
  const body = (await answer.json()) as {
    readonly message: string
    readonly session_id: string
    readonly files: readonly { readonly fileId: string; readonly filename: string }[]
  }
  expect([answer.status, body.message, body.files.length]).toEqual([200, 'success', 1])
  const id = body.files[0]?.fileId ?? ''
  return { id, name, storage_session_id: body.session_id, resource_id: 'somebody', kind: 'user' }
}

const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (value) => `it came to ${JSON.stringify(value)}`,
    (thrown: unknown) => (thrown as Error).message,
  )

const downloaded = (file: CodeFile | undefined, key?: string) =>
  ask(`/download/${file?.storage_session_id}/${file?.id}?kind=user&id=somebody`, key)

describe.skipIf(typeof agents === 'string')('@librechat/agents, its code executor unmodified', () => {
  it('runs programs, and finds the files of one in the next', async () => {
    verifies('librechat.client')
    const first = await exec(
      'import pandas as pd\nt = pd.DataFrame({"n": [1, 2]})\nt.to_csv("t.csv", index=False)\nprint(len(t))',
    )
    expect(first.content).toContain('stdout:\n2\n')
    expect(first.content).toContain('Session files: 1 persisted file(s)')
    expect(first.artifact.files?.map(({ name }) => name)).toEqual(['t.csv'])
    const second = await exec('import pandas as pd\nprint(int(pd.read_csv("/mnt/data/t.csv").n.sum()))', {
      files: first.artifact.files ?? [],
    })
    expect(second.content).toBe('stdout:\n3')
    expect(second.artifact.session_id).toBe(first.artifact.session_id)
    // Its own addresses take no other ids.
    for (const id of [first.artifact.session_id, first.artifact.files?.[0]?.id]) expect(id).toMatch(/^[\w-]{21}$/)
  })

  it('hands out a chart that was saved, and one that was only shown', async () => {
    const { artifact, content } = await exec(
      'import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.savefig("saved.png"); plt.close()\nplt.bar(["a"], [3]); plt.show()',
    )
    expect(artifact.files?.map(({ name }) => name)).toEqual(['saved.png', 'figure_1.png'])
    expect(content).toContain('2 persisted file(s) are available in /mnt/data, including 2 image(s)')
    for (const file of artifact.files ?? []) {
      const bytes = Buffer.from(await (await downloaded(file)).arrayBuffer())
      expect([bytes.subarray(1, 4).toString(), bytes.subarray(-8, -4).toString()]).toEqual(['PNG', 'IEND'])
    }
  })

  it('gives a CSV of 5 MB whole, with cells that begin formulas defused, as an attachment', async () => {
    const { artifact } = await exec(
      'with open("big.csv", "w") as f:\n  f.write("id,day,what\\n")\n  for row in range(310_000): f.write(f"{row},{row % 7},item {row % 90}\\n")\n  f.write("=1+1,0,end\\n")',
    )
    const answer = await downloaded(artifact.files?.[0])
    const text = await answer.text()
    expect([answer.status, answer.headers.get('content-disposition')]).toEqual([200, 'attachment'])
    expect(text.length).toBeGreaterThan(5_000_000)
    expect(text.startsWith('id,day,what\n0,0,item 0\n')).toBe(true)
    expect(text.endsWith("\n'=1+1,0,end\n")).toBe(true)
  })

  it('takes uploads, each from a place of its own, and a change to one stays with the session', async () => {
    const [sales, script] = [
      await upload('sales.csv', 'n\n3\n5\n'),
      await upload('add.py', 'def add(x): return sum(x)\n'),
    ]
    const files = [sales, { ...script, name: 'lib/add.py' }]
    const first = await exec(
      'import sys; sys.path.insert(0, "lib")\nfrom add import add\nlines = open("sales.csv").read().split()[1:]\nprint(add(map(int, lines)))\nopen("sales.csv", "a").write("7\\n")',
      { files },
    )
    expect(first.content).toContain('stdout:\n8\n')
    expect(first.artifact.files?.map(({ name }) => name)).toContain('sales.csv')
    const again = await exec('print(open("sales.csv").read())', { files: first.artifact.files ?? [] })
    expect(again.content).toContain('n\n3\n5\n7')
    // What was uploaded is as it came.
    expect(await (await downloaded(sales)).text()).toBe('n\n3\n5\n')
  })

  it('brings files of several sessions together', async () => {
    const [one, two] = [await exec('open("one.txt", "w").write("1")'), await exec('open("two.txt", "w").write("2")')]
    const files = [...(one.artifact.files ?? []), ...(two.artifact.files ?? [])]
    const { content, artifact } = await exec('print(open("one.txt").read() + open("two.txt").read())', { files })
    expect(content).toBe('stdout:\n12')
    expect([one.artifact.session_id, two.artifact.session_id]).not.toContain(artifact.session_id)
  })

  it('lists what a session has, says whether a file is there still, and lists no file of OpenAI', async () => {
    const { artifact } = await exec('open("a.txt", "w").write("x"); open("b.txt", "w").write("yy")')
    const listed = await ask(`/files/${artifact.session_id}?detail=full`)
    expect(await listed.json()).toMatchObject([
      {
        name: `${artifact.session_id}/${artifact.files?.[0]?.id}`,
        size: 1,
        metadata: { 'original-filename': 'a.txt' },
      },
      { size: 2, metadata: { 'original-filename': 'b.txt' } },
    ])
    const object = await ask(`/sessions/${artifact.session_id}/objects/${artifact.files?.[0]?.id}?kind=user&id=u`)
    const { lastModified } = (await object.json()) as { readonly lastModified: string }
    expect(Number.isNaN(Date.parse(lastModified))).toBe(false)
    const kept = await upload('kept.txt', 'k')
    expect((await ask(`/sessions/${kept.storage_session_id}/objects/${kept.id}`)).status).toBe(200)
    expect((await ask(`/files/${'a'.repeat(21)}`)).status).toBe(404)
    expect((await ask(`/files/file_${'0'.repeat(32)}`)).status).toBe(404)
  })

  it('says what failed, and goes on with the session', async () => {
    const broken = await exec('open("half.txt", "w").write("x")\nprint("before")\n1 / 0')
    expect(broken.content).toContain('stdout:\nbefore')
    expect(broken.content).toMatch(/stderr:\n[^]*ZeroDivisionError/)
    expect((await exec('print(open("half.txt").read())', { files: broken.artifact.files ?? [] })).content).toBe(
      'stdout:\nx',
    )
  })

  it.each([
    ['py', 'import sys\nprint(sys.argv[1:])', ['a b', '"\'\\\n🙂'], `['a b', '"\\'\\\\\\n🙂']`],
    ['bash', 'printf "[%s]" "$@"', ['a b', "it's $HOME"], "[a b][it's $HOME]"],
    ['js', 'console.log([1, 2].length)', undefined, '2'],
    ['ts', 'const n: number = 3; console.log(n)', undefined, '3'],
  ])('runs %s, with its arguments', async (lang, code, args, said) => {
    const { content } = await exec(code, { lang, ...(args !== undefined && { args }) })
    expect(content).toBe(`stdout:\n${said}`)
  })

  it('says of a language that there is none, in the words of LibreChat, so that its model tries no more', async () => {
    expect(await failure(exec('println!("1")', { lang: 'rs' }))).toContain('not supported by the selected environment')
    expect(await failure(exec('1', { lang: 'js', args: ['a'] }))).toContain('request was rejected')
  })

  it('masks what a program prints and what its files hold', async () => {
    const { content, artifact } = await exec(
      'print("anna.berg@example.com")\nopen("m.txt", "w").write("to anna.berg@example.com")',
    )
    expect(content).not.toContain('anna.berg')
    expect(await (await downloaded(artifact.files?.[0])).text()).not.toContain('anna.berg')
  })

  it('lets nobody at what another caller has', async () => {
    verifies('librechat.others')
    const other = await service.keyOf('default')
    const [made, given] = [await exec('open("mine.txt", "w").write("x")'), await upload('mine.csv', 'n\n1\n')]
    for (const file of [made.artifact.files?.[0], given]) {
      expect((await downloaded(file, other)).status).toBe(404)
      expect((await ask(`/files/${file?.storage_session_id}`, other)).status).toBe(404)
      expect((await ask(`/sessions/${file?.storage_session_id}/objects/${file?.id}`, other)).status).toBe(404)
      const ran = service.facts('execution').length
      expect(await failure(exec('print(1)', { files: file === undefined ? [] : [file], key: other }))).toContain(
        'Execution error',
      )
      expect(service.facts('execution')).toHaveLength(ran)
    }
  })

  it('runs nothing for a key without the scope, nor for a group without the tool', async () => {
    expect(await failure(exec('1', { key: 'sp-nobody' }))).toContain('not authorized')
    expect(await failure(exec('1', { key: await service.keyWithScope('sql') }))).toContain('not authorized')
    expect(await failure(exec('1', { key: await service.keyOf('readers') }))).toContain('not authorized')
    expect(await failure(exec('ls', { lang: 'bash', key: await service.keyOf('pythonists') }))).toContain(
      'not authorized',
    )
  })

  it('leaves no session behind where a program made no file', async () => {
    const key = await service.keyOf('default')
    for (let run = 0; run < 2; run += 1) expect((await exec('print(1)', { key })).content).toBe('stdout:\n1')
    await expect.poll(() => sessionsOf(key)).toEqual([])
  })

  it('runs twelve programs at once where four sessions may be open: those that find no room wait for it', async () => {
    verifies('librechat.waits')
    const key = await service.keyOf('many')
    const said = await Promise.all(
      Array.from({ length: 12 }, async (_each, at) => {
        const code = `import time\ntime.sleep(0.2)\nopen("${at}.txt", "w").write("x")\nprint(${at})`
        return (await exec(code, { key })).content.split('\n')[1]
      }),
    )
    expect(said).toEqual(Array.from({ length: 12 }, (_each, at) => String(at)))
    expect((await sessionsOf(key)).length).toBeLessThanOrEqual(4)
  })

  it('makes room at the limit of sessions for the next conversation, and never by closing what somebody else opened', async () => {
    const key = await service.keyOf('default')
    const opened = await fetch(`${service.served.url}/v1/sessions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{}',
    })
    const { id } = (await opened.json()) as { readonly id: string }
    const made: CodeFile[] = []
    for (let run = 0; run < 5; run += 1) {
      const { artifact } = await exec(`open("${run}.txt", "w").write("x")`, { key })
      made.push(...(artifact.files ?? []))
    }
    const statuses = await Promise.all(made.map(async (file) => (await downloaded(file, key)).status))
    expect(statuses).toEqual([404, 404, 200, 200, 200])
    expect(await sessionsOf(key)).toHaveLength(4)
    expect(await sessionsOf(key)).toContain(id)
  })
})

describe.skipIf(typeof agents === 'string')('what is sent to the code API that is not as it should be', () => {
  const post = (
    path: string,
    body: string | FormData,
    headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
  ) =>
    fetch(`${service.served.url}/v1${path}`, {
      method: 'POST',
      headers: { 'x-api-key': service.served.key, ...headers },
      body,
    })

  it.each([
    ['no program', { lang: 'py', code: '' }],
    ['no language', { code: '1' }],
    ['a name of the engine for a language', { lang: 'constructor', code: '1' }],
    ['files that are none', { lang: 'py', code: '1', files: 'x' }],
    [
      'a path that climbs',
      { lang: 'py', code: '1', files: [{ id: 'x', name: '../../etc/passwd', storage_session_id: 'y' }] },
    ],
  ])('is refused: %s', async (_what, body) => {
    const answer = await post('/exec', JSON.stringify(body))
    expect([400, 404]).toContain(answer.status)
    expect(await answer.json()).toMatchObject({ message: expect.stringMatching(/./) })
  })

  it('puts no upload outside of its folder, whatever its name', async () => {
    const file = await upload('data.txt', 'x')
    for (const name of ['../../etc/cron.d/x', '/etc/passwd', 'a\u202egpj.exe']) {
      expect(await failure(exec('print(1)', { files: [{ ...file, name }] }))).toContain('Execution error')
    }
    const form = new FormData()
    form.append('file', new Blob(['x']), '../../up.txt')
    const answer = await post('/upload', form, {})
    expect(await answer.json()).toMatchObject({ files: [{ filename: 'up.txt' }] })
  })

  it('takes no form without a file, and none that breaks off', async () => {
    const form = new FormData()
    form.append('kind', 'user')
    expect((await post('/upload', form, {})).status).toBe(400)
    const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf'
    expect((await post('/upload', cut, { 'content-type': 'multipart/form-data; boundary=b' })).status).toBe(400)
    expect((await post('/exec/programmatic', '{}')).status).toBe(400)
  })
})
