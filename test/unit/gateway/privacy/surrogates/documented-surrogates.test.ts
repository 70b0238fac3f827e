import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../../../src/config/load.ts'
import { surrogateKinds } from '../../../../../src/gateway/privacy/surrogates/options.ts'
import { SurrogateMaker } from '../../../../../src/gateway/privacy/surrogates/surrogate-maker.ts'
import { bookWith } from '../../../../support/privacy/private-calls.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'
import { verifies } from '../../../../support/verifies.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../../../../docs/pii.md'), 'utf8')
const [, section = ''] = /\n## Surrogates\n([\s\S]*?)\n## /.exec(page) ?? []
const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? []
const rows = [...section.matchAll(/^\| `(.*)` \| `(.*)` \| `(.*)` \| .* \|$/gm)].map(
  ([, kind = '', value = '', surrogate = '']) => [kind, value, surrogate] as const,
)

function choicesOf(configuration: string) {
  const folder = temporaryFolder('sallyport-surrogates-')
  const file = join(folder, 'config.yaml')
  writeFileSync(file, configuration)
  const { config } = loadConfig({ variables: { HOME: folder }, workingDirectory: folder, flags: {}, file })
  return config.privacy.profiles['support']?.surrogates
}

describe('the surrogates in docs/pii.md', () => {
  it('are of every kind that has them', () => {
    expect(new Set(rows.map(([kind]) => kind))).toEqual(new Set(surrogateKinds))
  })

  it.each(rows)('%s %s is %s', (kind, value, surrogate) => {
    verifies('surrogates.profile')
    const maker = new SurrogateMaker({
      book: bookWith(1),
      kinds: new Set(surrogateKinds),
      stops: [],
      saidLike: () => [],
    })
    expect(maker.for(kind, value)).toBe(surrogate)
  })

  it('are chosen as the page shows', () => {
    expect(choicesOf(yaml)).toEqual({ 'pii/card': 'always', 'pii/email': 'always', 'pii/ip-address': 'never' })
  })

  it.each([
    ['{ pii/url: always }', 'privacy.profiles.support.surrogates'],
    ['{ pii/card: sometimes }', 'privacy.profiles.support.surrogates.pii/card: '],
  ])('are refused with the configuration where there are none: %s', (surrogates, message) => {
    expect(() => choicesOf(`privacy: { profiles: { support: { surrogates: ${surrogates} } } }`)).toThrow(message)
  })
})
