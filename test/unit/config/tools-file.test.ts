import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { describeOrigin } from '../../../src/config/settings.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const declared =
  'send_mail:\n  effect: changes\n  calledFor: { verbs: [send] }\n  parameters: { to: { role: target } }\n'

/** A configuration beside a file of tools; `project` is what the folder says where the command stands. */
function load(given: { tools?: string; config: string; project?: string; variables?: Record<string, string> }) {
  const folder = temporaryFolder('sallyport-tools-')
  const project = join(folder, 'project')
  mkdirSync(project)
  if (given.tools !== undefined) writeFileSync(join(project, 'tools.yaml'), given.tools)
  if (given.project !== undefined) writeFileSync(join(project, 'sallyport.yaml'), given.project)
  const file = join(folder, 'config.yaml')
  writeFileSync(file, given.config)
  return loadConfig({
    variables: { HOME: folder, ...given.variables },
    workingDirectory: project,
    flags: {},
    file,
  })
}

const named = 'actions:\n  tools_file: tools.yaml\n'

describe('a file with declarations of tools', () => {
  it('is as if it stood in the configuration, beside what stands there, with its own lines', () => {
    verifies('actions.tools-file')
    const loaded = load({ tools: declared, config: `${named}  tools:\n    inbox: { effect: reads }\n` })
    expect(Object.keys(loaded.config.actions.tools).toSorted()).toEqual(['inbox', 'send_mail'])
    expect(loaded.config.actions.tools['send_mail']).toMatchObject({
      effect: 'changes',
      parameters: { to: { role: 'target' } },
    })
    expect(describeOrigin(loaded.originOf(['actions', 'tools', 'send_mail', 'effect']))).toBe('tools.yaml:2:3')
  })

  it('may be JSON, and be named by a variable', () => {
    const tools = JSON.stringify({ inbox: { effect: 'reads' } }, null, '\t')
    const variables = { SALLYPORT_ACTIONS_TOOLS_FILE: 'tools.yaml' }
    expect(load({ tools, config: '{}', variables }).config.actions.tools).toHaveProperty('inbox.effect', 'reads')
  })

  it('counts for groups that enforce, which need a declared tool', () => {
    const config = `${named}gateway:\n  groups:\n    default: { actions: enforce }\n`
    expect(load({ tools: declared, config }).config.actions.tools).toHaveProperty('send_mail')
    expect(() => load({ tools: '# nothing yet\n', config })).toThrow('declare tools in actions.tools')
  })

  it.each([
    ['is not there', { config: named }, /config\.yaml:2:3: actions\.tools_file cannot be read: .*tools\.yaml/],
    ['is no YAML', { tools: 'send_mail: { effect: [', config: named }, /tools\.yaml:1:\d+: not valid YAML/],
    ['is a list', { tools: '- send_mail\n', config: named }, /tools\.yaml:1:1: a configuration file is a map of keys/],
    [
      'has a member that nobody knows',
      { tools: 'send_mail:\n  effect: changes\n  sink: true\n', config: named },
      /tools\.yaml:3:3: .*sink/,
    ],
    [
      'names a parameter that its tool does not have',
      {
        tools: `${declared}  schema: { type: object, properties: { body: { type: string } } }\n`,
        config: named,
      },
      /tools\.yaml:4:\d+: .*the tool has no parameter "to"; its schema has: body/,
    ],
    [
      'declares what the configuration declares, too',
      { tools: declared, config: `${named}  tools:\n    send_mail: { effect: reads }\n` },
      /tools\.yaml:2:3: actions\.tools\.send_mail is declared here and in the configuration: leave one of them out/,
    ],
    [
      'is named by the folder that somebody stands in',
      { tools: declared, config: '{}', project: named },
      /sallyport\.yaml:2:3: a project file may not set actions\.tools_file/,
    ],
  ])('refuses a service where it %s, with the place', (_what, given, message) => {
    expect(() => load(given)).toThrow(message)
  })

  it('is not read where only the project names it: nothing of it is in what is said', () => {
    const given = { tools: 'secret: [', config: '{}', project: named }
    expect(() => load(given)).toThrow(/^(?!.*not valid YAML).*may not set actions\.tools_file/s)
  })
})
