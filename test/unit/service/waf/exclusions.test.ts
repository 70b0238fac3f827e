import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { positionTree } from '../../../../src/gateway/privacy/positions/position.ts'
import { argumentPattern } from '../../../../src/service/waf/argument-pattern.ts'
import { exclusionFormats, wafExclusions } from '../../../../src/service/waf/exclusions.ts'
import { isExempt, scannedRoutes } from '../../../../src/service/waf/exempt-positions.ts'
import { createProgramWithoutParts } from '../../../support/cli/fake-sallyport.ts'
import { bodiesOf } from '../../../support/waf/bodies.ts'
import { modelRoutes } from '../../../../src/surfaces/calls/model-routes.ts'
import { verifies } from '../../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../../..')

const patternOf = (path: string): RegExp => {
  const route = scannedRoutes.find((each) => each.path === path)
  return new RegExp(argumentPattern(positionTree(route?.positions ?? {})) ?? '$^')
}

/** The names of the texts of a body, as Coraza makes them. */
function namesOf(value: unknown, above = 'json'): readonly string[] {
  if (typeof value !== 'object' || value === null) return [above]
  return Object.entries(value).flatMap(([name, member]) => namesOf(member, `${above}.${name}`))
}

describe('the exclusions for a firewall', () => {
  it('are those that the proxy in deploy/waf is shipped with', () => {
    verifies('waf.shipped')
    expect(readFileSync(resolve(root, 'deploy/waf/exclusions.conf'), 'utf8')).toBe(wafExclusions.coraza())
  })

  it('can be asked for at the command line for every firewall that they are made for', () => {
    const waf = createProgramWithoutParts().commands.find((command) => command.name() === 'waf')
    const format = waf?.commands[0]?.options.find((option) => option.long === '--format')
    expect(format?.argChoices).toEqual(exclusionFormats)
  })

  it('take in each position that holds a text, and none that holds a name, a model or an id', () => {
    for (const { path, positions } of scannedRoutes) {
      const pattern = patternOf(path)
      for (const [position, kind] of Object.entries(positions)) {
        const names = bodiesOf([position], () => 'x').flatMap((body) => namesOf(body))
        expect([path, position, names.map((name) => pattern.test(name))]).toEqual([path, position, [isExempt[kind]]])
      }
    }
  })

  it.each([
    ['json.messages.0.content', true],
    ['json.messages.12.content.3.text', true],
    ['json.messages.0.tool_calls.0.function.arguments', true],
    ['json.messages.0.tool_calls.0.function.arguments.path', true],
    ['json.tools.0.function.parameters.properties.a\nb.description', true],
    ['json.messages.0.content.text', false],
    ['json.messages.0.content.0.text.text', false],
    ['json.messages.x.content', false],
    ['json.messages.content', false],
    ['json.messages.0.contents', false],
    ['json.messages.0.content\n', false],
    ['x.json.messages.0.content', false],
    ['json.0.messages.0.content', false],
    ['json.content', false],
    ['json.messages.0.role', false],
    ['json.metadata.content', false],
    ['json.messages', false],
    ['json', false],
  ])('exempt %j of chat completions: %s', (name, expected) => {
    verifies('waf.positions')
    expect(patternOf('/v1/chat/completions').test(name)).toBe(expected)
  })

  it('have a rule for each route whose body holds a text', () => {
    const files = [
      'app.ts',
      'check-routes.ts',
      'history-routes.ts',
      'native/feedback.ts',
      'native/privacy-routes.ts',
    ].map((name) => resolve(root, 'src/surfaces', name))
    const app = files.map((file) => readFileSync(file, 'utf8')).join('\n')
    const direct = Object.values(modelRoutes).map(({ path }) => path)
    const posted = [...app.matchAll(/method: 'post',\s+path: '(\/v1\/[^']+)'/g)].map(([, path = '']) => path)
    const e2b = readFileSync(resolve(root, 'src/surfaces/e2b/e2b-routes.ts'), 'utf8')
    const ofE2b = [...e2b.matchAll(/route\('post', '([^']+)'/g)].map(([, path = '']) => path)
    const librechat = readFileSync(resolve(root, 'src/surfaces/librechat/librechat-routes.ts'), 'utf8')
    const ofLibreChat = [...librechat.matchAll(/route\('post', '([^']+)'/g)].map(([, path = '']) => path)
    // These take ids, limits and verdicts; files are no JSON.
    const withoutTexts = new Set([
      '/v1/responses/:id/cancel',
      '/v1/sessions',
      '/v1/files',
      '/v1/files/:id/link',
      '/files',
      '/v1/upload',
      '/v1/exec/programmatic',
    ])
    for (const path of ofE2b) if (/sandboxes|contexts/.test(path)) withoutTexts.add(path)
    expect(
      [...direct, ...posted, ...ofE2b, ...ofLibreChat].filter((path) => !withoutTexts.has(path)).toSorted(),
    ).toEqual(scannedRoutes.map(({ path }) => path).toSorted())
  })

  it('hold no comma, quote or white space in an expression, at which Coraza would end it', () => {
    const expressions = wafExclusions.coraza().match(/ARGS(?:_NAMES)?:\/.*\//g) ?? []
    expect(expressions).toHaveLength(2 * scannedRoutes.length)
    expect(expressions.filter((each) => /[,'"\s]/.test(each))).toEqual([])
    expect(wafExclusions.coraza()).not.toMatch(/[^\x20-\x7e\n…]/)
  })
})
