import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { scannedRoutes } from '../../src/service/waf/exempt-positions.ts'
import { wafExclusions } from '../../src/service/waf/exclusions.ts'
import { pythonEnvironment } from '../support/python/python-environment.ts'
import { verifies } from '../support/verifies.ts'

const support = resolve(import.meta.dirname, '../support/waf')
const python = pythonEnvironment('botocore', join(support, 'botocore.txt'))
if (typeof python === 'string') process.stderr.write(`SKIPPED: botocore cannot be had: ${python}\n`)

const pageOf = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `../../docs/deploy/${name}.md`), 'utf8')
const blockOf = (name: string, language: string): string =>
  new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(pageOf(name))?.[1] ?? ''

describe.skipIf(typeof python === 'string')('the rules for AWS WAF', () => {
  const complaints = (rules: unknown): string => {
    if (typeof python === 'string') return python
    const words = ['-I', '-B', join(support, 'check_web_acl.py')]
    const { status, stdout, stderr } = spawnSync(python.python, words, {
      encoding: 'utf8',
      input: JSON.stringify(rules),
    })
    return status === 0 ? stdout.trim() : stderr
  }

  it('are such as the model of its API takes', () => {
    verifies('aws.rules')
    const rules = JSON.parse(wafExclusions.aws()) as { Rules: { Statement: object }[] }
    expect(complaints(rules)).toBe('')
    const [first, ...rest] = rules.Rules
    expect(complaints({ Rules: [{ ...first, Statement: { ManagedRuleGroup: {} } }, ...rest] })).toContain(
      'Unknown parameter',
    )
  })
})

interface Rule {
  readonly Name: string
  readonly Priority: number
}

describe('the configuration of a firewall that others run', () => {
  it('has for AWS each name and priority once, and patterns of at most 512 letters for exactly the routes', () => {
    verifies('aws.rules')
    const { Rules: rules } = JSON.parse(wafExclusions.aws()) as { Rules: readonly Rule[] }
    expect(new Set(rules.map(({ Name }) => Name)).size).toBe(rules.length)
    expect(rules.map(({ Priority }) => Priority).toSorted((one, other) => one - other)).toEqual([
      ...new Set(rules.map(({ Priority }) => Priority)),
    ])
    const patterns = [...wafExclusions.aws().matchAll(/"RegexString": "(.*)"/g)].map(([, pattern = '']) => pattern)
    expect(patterns.filter((pattern) => pattern.length > 512 || !/^\^.*\$$/.test(pattern))).toEqual([])
    const longest = new RegExp(patterns.toSorted((one, other) => other.length - one.length)[0] ?? '')
    expect(scannedRoutes.filter(({ path }) => !longest.test(path.replace(':id', 'apr-1')))).toEqual([])
    expect(
      ['/v1/models', '/v1/sql/', '/x/v1/sql', '/v1/sessions', '/v1/approvals/', '/v1/approvals/1/2'].filter((path) =>
        longest.test(path),
      ),
    ).toEqual([])
  })

  it('has for AWS an API by the schema of OpenAPI, which passes streams', async () => {
    verifies('aws.rules')
    const api = blockOf('aws', 'json')
    expect(await new Validator().validate(api)).toMatchObject({ valid: true })
    expect(api).toContain('"responseTransferMode": "STREAM"')
  })

  it('has for Cloudflare an exception in front of its rulesets, for exactly the requests that are conversations', () => {
    verifies('cloudflare.rules')
    const { rules } = JSON.parse(wafExclusions.cloudflare()) as {
      rules: readonly { action: string; expression: string; action_parameters: { id?: string; rulesets?: string[] } }[]
    }
    expect(rules.map(({ action }) => action)).toEqual(['skip', 'execute', 'execute'])
    const [skip, ...execute] = rules
    expect(skip?.action_parameters.rulesets).toEqual(execute.map(({ action_parameters: { id } }) => id))
    const named = scannedRoutes.map(({ path }) => path)
    const paths = /http\.request\.uri\.path in \{([^}]*)\}/.exec(skip?.expression ?? '')?.[1]?.split(' ')
    expect(paths?.map((path) => JSON.parse(path) as string)).toEqual(named.filter((path) => !path.includes(':')))
    const begun = [...(skip?.expression ?? '').matchAll(/starts_with\(http\.request\.uri\.path, ("[^"]*")\)/g)]
    expect(begun.map(([, start = '']) => `${JSON.parse(start) as string}:id`)).toEqual(
      named.filter((path) => path.includes(':')),
    )
    expect(skip?.expression).toMatch(/^\(http\.request\.method eq "POST" and .* and .* and starts_with\(.*\)\)$/)
    expect((skip?.expression ?? '').length).toBeLessThan(4_096)
  })

  it('has for Kong one service without repetitions, whose answers are not held', () => {
    verifies('kong.form')
    const { services, ...rest } = parse(blockOf('kong', 'yml')) as { services: readonly object[] }
    expect(rest).toEqual({ _format_version: '3.0' })
    expect(services).toEqual([
      expect.objectContaining({
        retries: 0,
        routes: [
          expect.objectContaining({
            paths: ['/v1'],
            strip_path: false,
            request_buffering: true,
            response_buffering: false,
          }),
        ],
        plugins: [
          { name: 'request-size-limiting', config: expect.objectContaining({ allowed_payload_size: 32 }) as object },
        ],
      }),
    ])
  })

  it.each(['aws', 'cloudflare', 'kong'])('says in its heading that it was not run: %s', (name) => {
    expect(pageOf(name)).toMatch(/^# .*: not run by us$/m)
  })
})
