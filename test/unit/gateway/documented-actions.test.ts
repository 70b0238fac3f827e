import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { judgeAction, type AskedAction } from '../../../src/gateway/check-action.ts'
import { gatewayOptions } from '../../../src/gateway/options.ts'
import { actionsOptions } from '../../../src/provenance/options.ts'
import { toActionCheck } from '../../../src/surfaces/wire/actions.ts'
import { verifies } from '../../support/verifies.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/actions.md'), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text)
const configurations = blocks('yaml').map(
  (text) => parse(text) as { readonly actions: object; readonly gateway?: object },
)

describe('docs/actions.md', () => {
  it('has configurations that can be used', () => {
    expect(configurations).toHaveLength(2)
    for (const { actions, gateway = {} } of configurations) {
      expect(Object.keys(actionsOptions.parse(actions).tools)).toContain('send_mail')
      expect(gatewayOptions.safeParse(gateway).success).toBe(true)
    }
  })

  it('has a question and the answer to it', () => {
    verifies('actions.check')
    const { tools, system_messages: operatorWords } = actionsOptions.parse(configurations[0]?.actions)
    const [question = '', answer = ''] = blocks('json')
    const judged = judgeAction(JSON.parse(question) as AskedAction, { tools, operatorWords })
    expect(toActionCheck({ ...judged, id: 'act-…' })).toEqual(JSON.parse(answer))
  })
})
