import { execFile, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnvironment, serve } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'

const root = resolve(import.meta.dirname, '../..')
const base = mkdtempSync(join(tmpdir(), 'sallyport-package-'))
const installed = join(base, 'somewhere', 'node_modules', 'sallyport')
const folder = join(base, 'somewhere')

afterAll(() => rmSync(base, { recursive: true }))

/** A Node of the machine that is older than the product needs; null where there is none. */
const oldNode =
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((path) => join(path, 'node'))
    .find((path) => /^v(?:1\d|2[0-3])\./.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout ?? '')) ??
  null

/** Runs a program to its end; never rejects for what it answers. */
function start(program: string, words: readonly string[], cwd: string, own: NodeJS.ProcessEnv | null = null) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    const environment = own ?? { ...cleanEnvironment(), npm_config_update_notifier: 'false' }
    execFile(program, words, { cwd, env: environment, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, stdout, stderr }),
    )
  })
}

const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { sallyport: string } }
const sallyport = (...words: string[]) => start(join(installed, bin.sallyport), words, folder)

/**
 * Packs a copy of the checkout, so that nothing built before plays a part, and unpacks it where npm would put it. The
 * packages it needs are linked: what npm does to fetch them is npm's.
 */
beforeAll(async () => {
  const copy = join(base, 'checkout')
  mkdirSync(copy)
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] }
  const wanted = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'vite.config.ts', 'LICENSE', 'src', ...files]
  for (const name of wanted.filter((name) => name !== 'dist' && !name.startsWith('!'))) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  // What running the client in Python leaves in a checkout.
  const left = join(copy, 'clients/python/sallyport/__pycache__')
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, '__init__.cpython-311.pyc'), '')
  const packed = await start('npm', ['pack', '--silent', '--pack-destination', base], copy)
  if (packed.code !== 0) throw new Error(`npm pack: ${packed.stderr}`)
  const tarball = join(base, packed.stdout.trim().split('\n').at(-1) ?? '')
  const unpacked = await start('tar', ['-xzf', tarball, '-C', base], base)
  if (unpacked.code !== 0) throw new Error(`tar: ${unpacked.stderr}`)
  mkdirSync(join(installed, '..'), { recursive: true })
  renameSync(join(base, 'package'), installed)
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
})

const tsc = (name: 'typescript' | 'typescript-5', words: readonly string[]) =>
  start(process.execPath, [join(root, 'node_modules', name, 'bin/tsc'), ...words], folder)

describe('the packed package', () => {
  it('tells its commands and its version', async () => {
    expect(await sallyport('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('doctor') })
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await sallyport('--version')).toMatchObject({ code: 0, stdout: `${version}\n` })
  })

  it('brings the app for browsers along, compressed, and not its sources', () => {
    expect(existsSync(join(installed, 'dist/web/index.html'))).toBe(true)
    expect(readdirSync(join(installed, 'dist/web/assets')).filter((name) => name.endsWith('.js.br'))).not.toEqual([])
    expect(existsSync(join(installed, 'dist/src/web'))).toBe(false)
  })

  it('runs a program in the sandbox of the same image as the checkout', async () => {
    writeFileSync(join(folder, 'x.py'), 'print(6 * 7)')
    const { code, stdout, stderr } = await sallyport('run', 'x.py')
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: '42\n' })
  })

  it('runs light JavaScript in an isolate', async () => {
    writeFileSync(join(folder, 'x.js'), '[1, 2].map((value) => value * 21)')
    const { code, stdout, stderr } = await sallyport('run', '--driver', 'isolate', 'x.js')
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: '[ 21, 42 ]\n' })
  })

  it('checks SQL with its parsers and its lists of functions', async () => {
    writeFileSync(join(folder, 'schema.sql'), 'CREATE TABLE a (x int)')
    const check = (statement: string) => sallyport('sql', 'check', '--schema', 'schema.sql', statement)
    expect(await check('SELECT sum(x) FROM a')).toMatchObject({ code: 0 })
    expect(await check('SELECT pg_sleep(1)')).toMatchObject({ code: 3 })
  })

  it('answers the questions of the demo for somebody who has nothing yet', async () => {
    verifies('package.demo')
    const home = join(base, 'home')
    mkdirSync(home)
    const { PATH } = process.env
    // Nothing of the person who runs the tests: no configuration, no keys, nothing that was prepared before.
    const { code, stdout, stderr } = await start(join(installed, bin.sallyport), ['demo'], folder, {
      PATH,
      HOME: home,
      NO_COLOR: '1',
    })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toContain('Kitchen')
    expect(stderr.match(/^✔ (How|Which|In which) /gm)).toHaveLength(3)
    expect(existsSync(join(folder, 'sallyport-output/chart_1.png'))).toBe(true)
  })

  it('has a client that is imported by its name, with types for either compiler', async () => {
    verifies('package.client')
    verifies('clients.typescript-example')
    await using service = await serve()
    const example = readFileSync(join(root, 'docs/examples/clients/typescript.ts'), 'utf8')
    writeFileSync(join(folder, 'client.mts'), example.replaceAll('http://127.0.0.1:8080', service.url))
    writeFileSync(
      join(folder, 'wrong.mts'),
      "import { Sallyport } from 'sallyport/client'\nnew Sallyport({ baseUrl: 'http://x', apiKey: 'x' }).programs.execute({ kode: 1 })\n",
    )
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
    const words = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', ...types]
    for (const compiler of ['typescript', 'typescript-5'] as const) {
      // Nothing is wrong with the example, so that all that is said is said of the other.
      const said = (await tsc(compiler, [...words, 'client.mts', 'wrong.mts'])).stdout.trim()
      expect(said).toMatch(/^wrong\.mts\(2,\d+\): error TS\d+: .*'kode' does not exist/)
      expect(said.match(/error TS/g)).toHaveLength(1)
    }
    const environment = { PATH: process.env['PATH'], SALLYPORT_KEY: service.key, NODE_NO_WARNINGS: '1' }
    const { code, stdout, stderr } = await start(process.execPath, ['client.mts'], folder, environment)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [first, made, rows, refused, ...answer] = stdout.split('\n')
    expect([first, made]).toEqual(['42', 'image/png month,sales'])
    expect(rows).toMatch(/^\[ \[ '?\d+'? \] \]$/)
    expect(refused).toMatch(/^refused .{10}/)
    expect(answer.join('\n')).toContain('Kitchen')
  })

  it('is a command and a client, and lets nothing else of itself be imported', async () => {
    writeFileSync(join(folder, 'inside.mjs'), "await import('sallyport/dist/src/compose.js')\n")
    expect((await start(process.execPath, ['inside.mjs'], folder)).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })

  it('has the client in Python, without what running it leaves', async () => {
    const program = 'import sallyport; print(sallyport.Sallyport("http://x", "k").programs.execute.__doc__)'
    const environment = { PATH: process.env['PATH'], PYTHONPATH: join(installed, 'clients/python') }
    expect(readdirSync(join(installed, 'clients/python/sallyport'))).not.toContain('__pycache__')
    expect(await start('python3', ['-B', '-c', program], folder, environment)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('program'),
    })
  })

  it.skipIf(oldNode === null)(
    `runs by the Node that it brings, where that of the machine is too old, and without one says what to do${oldNode === null ? '; an old one is not here' : ''}`,
    async () => {
      verifies('package.node')
      const PATH = `${dirname(oldNode ?? '')}:/usr/bin:/bin`
      // As npm links the command of a global installation.
      const linked = join(base, 'sallyport')
      symlinkSync(join(installed, bin.sallyport), linked)
      expect(await start(linked, ['--version'], base, { PATH, HOME: base })).toMatchObject({ code: 0 })
      const { code, stderr } = await start(
        oldNode ?? '',
        [join(installed, 'dist/src/cli/main.js'), '--version'],
        folder,
      )
      expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/is too old.*\n.*no scripts/) })
    },
  )

  it('proves itself with doctor', async () => {
    const { code, stdout } = await sallyport('doctor', '--output', 'json')
    const { probes } = JSON.parse(stdout) as { probes: { name: string; passed: boolean; detail: string }[] }
    // The port belongs to the machine, not to the package.
    expect(probes.filter(({ name, passed }) => !passed && name !== 'Port')).toEqual([])
    expect([0, 1]).toContain(code)
  })
})
