import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, type LoadOptions } from '../../../src/config/load.ts'
import { variableName } from '../../../src/config/environment-layer.ts'
import { projectKeys } from '../../../src/config/project-policy.ts'
import { leavesOf } from '../../../src/config/schema-paths.ts'
import { describeOrigin } from '../../../src/config/settings.ts'
import { verifies } from '../../support/verifies.ts'

let home: string
let project: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-config-'))
  project = join(home, 'project')
  mkdirSync(project)
  mkdirSync(join(home, '.config', 'sallyport'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true }))

const userFile = (text: string) => writeFileSync(join(home, '.config', 'sallyport', 'config.yaml'), text)
const projectFile = (text: string) => writeFileSync(join(project, 'sallyport.yaml'), text)

function load(variables: Record<string, string> = {}, rest: Partial<LoadOptions> = {}) {
  return loadConfig({ variables: { HOME: home, ...variables }, workingDirectory: project, flags: {}, ...rest })
}

function complaint(...parameters: Parameters<typeof load>): string {
  try {
    load(...parameters)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the configuration was accepted')
}

describe('the configuration', () => {
  it('is complete without any file or variable', () => {
    const { config, files } = load()
    expect(config.sandbox.driver).toBe('auto')
    expect(config.state_directory).toBe(join(home, '.local/state/sallyport'))
    expect(files).toEqual([])
  })

  it('takes a default of the command only where nothing else says anything', () => {
    const defaults = { 'sandbox.driver': 'docker' }
    const plain = load({}, { defaults })
    expect(plain.config.sandbox.driver).toBe('docker')
    expect(describeOrigin(plain.originOf(['sandbox', 'driver']))).toBe('default')
    userFile('sandbox:\n  driver: auto\n')
    expect(load({}, { defaults }).config.sandbox.driver).toBe('auto')
    expect(load({ SALLYPORT_SANDBOX_DRIVER: 'runsc' }, { defaults }).config.sandbox.driver).toBe('runsc')
  })

  it('takes flag over environment over project file over user file over default, and says so', () => {
    verifies('config.show', 'config.precedence')
    userFile('cli:\n  output: json\n  preview_lines: 1\n  table_rows: 1\nsandbox:\n  idle_ms: 5000\n')
    projectFile('cli:\n  output: csv\n  preview_lines: 2\n  table_rows: 2\n')
    const loaded = load(
      { SALLYPORT_CLI_OUTPUT: 'table', SALLYPORT_CLI_PREVIEW_LINES: '3' },
      { flags: { 'cli.output': 'markdown' } },
    )
    expect(loaded.config.cli).toMatchObject({ output: 'markdown', preview_lines: 3, table_rows: 2 })
    expect(loaded.config.sandbox.idle_ms).toBe(5000)
    const where = (path: string) => describeOrigin(loaded.originOf(path.split('.')))
    expect(where('cli.output')).toBe('--set cli.output')
    expect(where('cli.preview_lines')).toBe('SALLYPORT_CLI_PREVIEW_LINES')
    expect(where('cli.table_rows')).toBe('sallyport.yaml:4:3')
    expect(where('sandbox.idle_ms')).toBe(`${join(home, '.config/sallyport/config.yaml')}:6:3`)
    expect(where('sandbox.driver')).toBe('default')
  })

  it('names file, line and column of an unknown key and what was likely meant', () => {
    verifies('config.unknown-key')
    userFile('sandbox:\n  drivr: docker\n')
    expect(complaint()).toMatch(/config\.yaml:2:3: unknown key "drivr" in sandbox; did you mean "driver"\?/)
  })

  it('suggests the full path when a key stands in the wrong section', () => {
    userFile('preview_lines: 3\n')
    expect(complaint()).toContain('did you mean "cli.preview_lines"?')
  })

  it('reports every problem at once', () => {
    userFile('sandbox:\n  idle_ms: soon\n  drivr: docker\nclii: {}\n')
    expect(complaint().split('\n')).toHaveLength(3)
  })

  it('names the line of YAML that does not parse', () => {
    userFile('cli:\n  output: "json\n')
    expect(complaint()).toMatch(/config\.yaml:\d+:\d+: not valid YAML: /)
  })

  it('refuses a key written twice', () => {
    userFile('cli:\n  output: json\n  output: csv\n')
    expect(complaint()).toMatch(/:3:3: not valid YAML: Map keys must be unique/)
  })

  it('refuses a file that is not a map', () => {
    userFile('- a\n- b\n')
    expect(complaint()).toContain('a configuration file is a map of keys')
  })

  it('leaves a section alone whose lines are all commented out', () => {
    userFile('cli:\n#  output: json\n')
    expect(load().config.cli.output).toBe('text')
  })

  it('names the variable of a value that does not fit', () => {
    expect(complaint({ SALLYPORT_SANDBOX_IDLE_MS: 'soon' })).toMatch(/^SALLYPORT_SANDBOX_IDLE_MS: sandbox.idle_ms: /)
  })

  it('refuses an unknown variable with a suggestion', () => {
    expect(complaint({ SALLYPORT_SANDBOX_DRIVR: 'x' })).toBe(
      'SALLYPORT_SANDBOX_DRIVR: no setting has this name; did you mean SALLYPORT_SANDBOX_DRIVER?',
    )
  })

  it('leaves variables alone that clients, docker-compose and tests use', () => {
    const others = {
      SALLYPORT_KEY: 'x',
      SALLYPORT_READER_PASSWORD: 'x',
      SALLYPORT_DATA: 'x',
      SALLYPORT_KUBERNETES: '0',
    }
    expect(load(others).config.cli.output).toBe('text')
  })

  it('accepts two underscores between section and key', () => {
    expect(load({ SALLYPORT_CLI__OUTPUT: 'json' }).config.cli.output).toBe('json')
  })

  it('reads a value from the file that a _FILE variable names', () => {
    verifies('security.secret-files')
    writeFileSync(join(home, 'value'), 'json\n')
    expect(load({ SALLYPORT_CLI_OUTPUT_FILE: join(home, 'value') }).config.cli.output).toBe('json')
    expect(complaint({ SALLYPORT_CLI_OUTPUT_FILE: join(home, 'none') })).toContain('none: it does not exist')
  })

  it('refuses an unknown flag with a suggestion', () => {
    expect(complaint({}, { flags: { 'cli.outptu': 'x' } })).toContain('did you mean "cli.output"?')
  })

  it('reaches with a flag what stands in maps and lists, to any depth', () => {
    verifies('config.set')
    userFile('gateway:\n  groups:\n    default:\n      concurrent_requests: 2\n      tools: [run_python]\n')
    const flags = {
      'gateway.groups.default.sandbox.memory_mb': '4096',
      'gateway.groups.default.tools': 'run_sql, describe_data',
      'gateway.groups.default.models': '["*"]',
      'gateway.groups.night-shift': '{ reveal_sql: never, budget: { steps: 3 } }',
      'sources.shop.database.kind': 'sample',
      'sources.shop.policies.default.relations.orders': '*',
      'sources.shop.policies.default.relations."shop.customers".columns.email': '{ mask: partial }',
      'sources.shop.policies.default.relations.products': 'id, name',
    }
    const loaded = load({}, { flags })
    const { gateway, sources } = loaded.config
    expect(gateway.groups['default']).toMatchObject({
      concurrent_requests: 2,
      tools: ['run_sql', 'describe_data'],
      models: ['*'],
      sandbox: { memory_mb: 4096 },
    })
    expect(gateway.groups['night-shift']).toMatchObject({ reveal_sql: 'never', budget: { steps: 3 } })
    expect(sources['shop']?.policies['default']?.relations).toMatchObject({
      orders: '*',
      'shop.customers': { columns: { email: { mask: 'partial' } } },
      products: ['id', 'name'],
    })
    const key = 'gateway.groups.default.sandbox.memory_mb'
    expect(describeOrigin(loaded.originOf(key.split('.')))).toBe(`--set ${key}`)
  })

  it.each([
    ['gateway.groups.default.tols', 'did you mean "gateway.groups.default.tools"?'],
    ['gatewy.grops.default.tols', 'did you mean "gateway.groups.default.tools"?'],
    ['gateway.groups.default.colour', 'unknown key "colour" in gateway.groups.default; known here: models, tools,'],
    ['colour', 'unknown key "colour"; known here: state_directory, secrets_directory,'],
    ['preview_lines', 'did you mean "cli.preview_lines"?'],
    ['gateway.groups.default.tools[0]', 'a list is given whole, as KEY=a,b or KEY=[a, b]'],
    ['gateway.groups.default.tools.0', 'gateway.groups.default.tools is a list; a list is given whole'],
    ['sandbox.idle_ms.soon', 'sandbox.idle_ms is one value; nothing stands below it'],
    ['__proto__', 'no setting may be named "__proto__"'],
    ['__proto__.polluted', 'no setting may be named "__proto__"'],
    ['gateway.groups.__proto__.tools', 'no setting may be named "__proto__"'],
    ['gateway.groups."__proto__".tools', 'no setting may be named "__proto__"'],
    ['constructor.prototype.polluted', 'unknown key "constructor"; known here:'],
    ['sandbox.limits.toString', 'unknown key "toString" in sandbox.limits; known here:'],
    ['gateway.groups.default.hasOwnProperty', 'unknown key "hasOwnProperty" in gateway.groups.default'],
    ['gateway..groups', 'write the key as names with dots between'],
    ['.gateway', 'write the key as names with dots between'],
    ['gateway.', 'write the key as names with dots between'],
    ['gateway.groups."default', 'write the key as names with dots between'],
    ['gateway.groups."".tools', 'write the key as names with dots between'],
  ])('says of the flag %s what is wrong with its name', (key, message) => {
    const said = complaint({}, { flags: { [key]: '[run_sql]' } })
    expect(said).toContain(`--set ${key}: `)
    expect(said).toContain(message)
    expect({}).not.toHaveProperty('polluted')
  })

  it.each([
    ['gateway.groups.default', '5', 'gateway.groups.default: invalid input: expected object'],
    ['gateway.groups', 'none', 'gateway.groups: invalid input: expected record'],
    ['gateway.groups.Default.tools', 'run_sql', 'gateway.groups.Default: '],
    ['gateway.groups.default.tools', 'run_sql,rm', 'gateway.groups.default.tools[1]: invalid option'],
    ['gateway.groups.default.sandbox.memory_mb', 'much', 'memory_mb: invalid input: expected number'],
    ['gateway.groups.default', '{ tools: [run_sql', 'the value is not valid YAML: '],
    ['gateway.groups', '{ __proto__: { tools: [run_sql] } }', 'unknown key "__proto__" in gateway.groups'],
    [
      'gateway.groups',
      '{ default: { __proto__: { tools: [] } } }',
      'unknown key "__proto__" in gateway.groups.default',
    ],
  ])('says of the flag %s what is wrong with the value %s', (key, text, message) => {
    expect(complaint({}, { flags: { [key]: text } })).toContain(message)
  })

  it('takes a group named like a member of every object for the group it is', () => {
    const { groups } = load({}, { flags: { 'gateway.groups.constructor.tools': 'run_sql' } }).config.gateway
    expect(groups['constructor']?.tools).toEqual(['run_sql'])
    expect(Object.keys(groups)).toEqual(['constructor'])
  })

  it('reads each secret of a list from where it is kept, and refuses a list with one that stands in it', () => {
    const lists = (...further: unknown[]) => ({
      'sources.shop.database': JSON.stringify({ kind: 'postgresql', url: { env: 'FIRST' }, further_urls: further }),
    })
    const variables = { FIRST: 'postgresql://a:one@b/c', SECOND: 'postgresql://a:two@b/c' }
    const database = load(variables, { flags: lists({ env: 'SECOND' }, { env: 'FIRST' }) }).config.sources['shop']
      ?.database
    const urls = database?.kind === 'postgresql' ? database.further_urls.map((url) => url.reveal()) : []
    expect(urls).toEqual([variables.SECOND, variables.FIRST])
    const refused = (...further: unknown[]) => complaint(variables, { flags: lists(...further) })
    const literal = refused({ env: 'SECOND' }, 'postgresql://a:two@b/c')
    expect(literal).toContain(
      'further_urls is a secret and is not read from here: write { file: PATH } or { env: NAME }',
    )
    expect(literal).not.toContain('two')
    expect(refused({ env: 'THIRD' })).toContain(
      'further_urls[0] cannot be read: the environment variable THIRD is not set',
    )
    expect(refused({ env: 'SECOND', file: 'x' })).toContain('further_urls[0]')
  })

  it('reads a secret that a flag refers to, and refuses one that stands on the command line at any depth', () => {
    const flags = { 'sources.shop.database.kind': 'postgresql', 'sources.shop.database.url.env': 'SHOP_URL' }
    const database = load({ SHOP_URL: 'postgresql://a:secret@b/c' }, { flags }).config.sources['shop']?.database
    expect(database?.kind === 'postgresql' && database.url.reveal()).toBe('postgresql://a:secret@b/c')
    for (const given of [
      { 'sources.shop.database': '{ kind: postgresql, url: "postgresql://a:secret@b/c" }' },
      { 'sources.shop.database.kind': 'postgresql', 'sources.shop.database.url': 'postgresql://a:secret@b/c' },
    ]) {
      const said = complaint({}, { flags: given })
      expect(said).toContain('sources.shop.database.url is a secret and is not read from here: write --set ')
      expect(said).toContain('sources.shop.database.url.env=NAME')
      expect(said).not.toContain('SALLYPORT_SOURCES_SHOP')
    }
  })

  it('refuses an entry of a map that would be passed over in silence', () => {
    userFile('gateway:\n  groups:\n    __proto__:\n      tools: []\n')
    expect(complaint()).toMatch(/config\.yaml:\d:\d: unknown key "__proto__" in gateway\.groups/)
  })

  it('lets a project file lower a limit and not raise one', () => {
    verifies('security.project-file')
    projectFile('sandbox:\n  limits:\n    memory_mb: 512\n')
    expect(load().config.sandbox.limits.memory_mb).toBe(512)
    projectFile('sandbox:\n  limits:\n    memory_mb: 4096\n')
    expect(complaint()).toBe(
      'sallyport.yaml:3:5: a project file may only lower sandbox.limits.memory_mb: 4096 is above 1024',
    )
  })

  it('refuses whatever could loosen policy in a project file', () => {
    verifies('security.project-file')
    projectFile('sandbox:\n  driver: runsc\n')
    expect(complaint()).toContain('a project file may not set sandbox.driver')
  })

  it('says which file named by --config is missing', () => {
    expect(complaint({}, { file: '/nowhere/x.yaml' })).toBe('/nowhere/x.yaml: it does not exist')
  })

  it('S3: refuses a project file, a file of --config and one of a _FILE variable that never end', () => {
    symlinkSync('/dev/zero', join(project, 'sallyport.yaml'))
    expect(complaint()).toContain('sallyport.yaml: it is not a regular file')
    rmSync(join(project, 'sallyport.yaml'))
    expect(complaint({}, { file: '/dev/zero' })).toBe('/dev/zero: it is not a regular file')
    expect(complaint({ SALLYPORT_CLI_OUTPUT_FILE: '/dev/zero' })).toContain('/dev/zero: it is not a regular file')
  })

  it('reads a key named __proto__ as an unknown key', () => {
    userFile('__proto__:\n  a: 1\n')
    expect(complaint()).toContain('unknown key "__proto__"')
  })

  it('reads a secret from a variable and never prints it', () => {
    verifies('config.secrets-apart')
    const { config } = load({ SALLYPORT_MODEL_API_KEY: 'sk-very-secret' })
    expect(config.model.api_key?.reveal()).toBe('sk-very-secret')
    expect(JSON.stringify(config)).not.toContain('very-secret')
  })

  it('refuses a secret written into a file or on the command line', () => {
    verifies('config.secrets-apart')
    userFile('model:\n  api_key: sk-very-secret\n')
    expect(complaint()).toMatch(/config\.yaml:2:3: model\.api_key is a secret .* SALLYPORT_MODEL_API_KEY/)
    expect(complaint()).not.toContain('very-secret')
    userFile('')
    expect(complaint({}, { flags: { 'model.api_key': 'sk-very-secret' } })).toContain('model.api_key is a secret')
  })

  it('follows a reference to a secret kept elsewhere', () => {
    writeFileSync(join(home, 'key'), 'sk-from-file\n')
    userFile(`model:\n  api_key: { file: ${join(home, 'key')} }\n`)
    expect(load().config.model.api_key?.reveal()).toBe('sk-from-file')
    userFile('model:\n  api_key: { env: MY_KEY }\n')
    expect(load({ MY_KEY: 'sk-from-variable' }).config.model.api_key?.reveal()).toBe('sk-from-variable')
    // One thing is wrong, and it is said once.
    expect(complaint()).toMatch(
      /^\S+config\.yaml:1?\d?:?\d*:? ?model\.api_key cannot be read: the environment variable MY_KEY is not set$/,
    )
  })

  it('lets no project file choose the endpoint that questions go to', () => {
    projectFile('model:\n  base_url: https://elsewhere.example/v1\n')
    expect(complaint()).toContain('sallyport.yaml:2:3: a project file may not set model.base_url')
  })

  it('takes OPENAI_API_KEY only when a model of OpenAI was asked for', () => {
    const variables = { OPENAI_API_KEY: 'sk-ambient' }
    expect(load(variables).config.model.api_key).toBeUndefined()
    expect(load({ ...variables, SALLYPORT_MODEL_NAME: 'gpt' }).config.model.api_key?.reveal()).toBe('sk-ambient')
    const elsewhere = {
      ...variables,
      SALLYPORT_MODEL_NAME: 'qwen3',
      SALLYPORT_MODEL_BASE_URL: 'http://127.0.0.1:8000/v1',
    }
    expect(load(elsewhere).config.model.api_key).toBeUndefined()
  })

  it('has a variable of its own for every setting', () => {
    const names = leavesOf(load().schema).map((leaf) => variableName(leaf.path))
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('SALLYPORT_MODEL_BASE_URL')
  })

  it('lists only settings that exist in what a project file may set', () => {
    const known = new Set(leavesOf(load().schema).map((leaf) => leaf.path.join('.')))
    expect(Object.keys(projectKeys).filter((key) => !known.has(key))).toEqual([])
  })
})
