import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

function load(config: object) {
  const folder = temporaryFolder('sallyport-config-')
  const file = join(folder, 'config.yaml')
  writeFileSync(file, JSON.stringify(config))
  return loadConfig({ variables: { HOME: folder }, workingDirectory: folder, flags: {}, file })
}

const upstreams = { openai: { kind: 'openai', base_url: 'http://127.0.0.1:9/v1', models: ['gpt-5'] } }

describe('policies that nothing has the name of', () => {
  it.each([
    [
      'a privacy profile of a group',
      { gateway: { groups: { sales: { privacy_profile: 'strcit' } } }, privacy: { profiles: { strict: {} } } },
      'gateway.groups.sales.privacy_profile: there is no privacy profile "strcit"; did you mean "strict"?',
    ],
    [
      'a filter profile of a group',
      { gateway: { groups: { sales: { filter_profile: 'nobody' } } } },
      'gateway.groups.sales.filter_profile: there is no filter profile "nobody"; there are: default',
    ],
    [
      'calls of tools that nobody has declared',
      { gateway: { groups: { sales: { actions: 'enforce' } } } },
      'gateway.groups.sales.actions: each call of a tool would be refused; declare tools in actions.tools, or write shadow or off',
    ],
    [
      'an upstream of a privacy profile',
      { upstreams, privacy: { profiles: { strict: { upstreams: { opnai: 'structured' } } } } },
      'privacy.profiles.strict.upstreams.opnai: there is no upstream "opnai"; did you mean "openai"?',
    ],
    [
      'a region of a privacy profile',
      {
        upstreams: { openai: { ...upstreams.openai, region: 'us' } },
        privacy: { profiles: { strict: { regions: { uss: 'all' } } } },
      },
      'privacy.profiles.strict.regions.uss: there is no region "uss"; did you mean "us"?',
    ],
    [
      'a group with a mode of its own',
      { gateway: { groups: { sales: {} } }, provenance: { groups: { slaes: 'shadow' } } },
      'provenance.groups.slaes: there is no group "slaes"; did you mean "sales"?',
    ],
  ])('are told before anything is served: %s', (_, config, message) => {
    verifies('pii.names-of-policies')
    expect(() => load(config)).toThrow(message)
  })

  it('are none where each name is there, "default" among them', () => {
    const groups = {
      sales: { privacy_profile: 'default', filter_profile: 'default' },
      support: { privacy_profile: 'strict' },
    }
    const { config } = load({
      upstreams,
      gateway: { groups },
      privacy: { profiles: { strict: { upstreams: { openai: 'structured', analyst: 'none' } } } },
    })
    expect(config.gateway.groups['support']?.privacy_profile).toBe('strict')
  })
})
