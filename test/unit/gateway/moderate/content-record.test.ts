import { describe, expect, it } from 'vitest'
import type { ContentDecision } from '../../../../src/gateway/authorize/content-rules.ts'
import { ContentRecord } from '../../../../src/gateway/moderate/content-record.ts'

const profile = { name: 'public', version: 3, inbound: {}, outbound: {} }

const nothingFound: ContentDecision = {
  action: 'allow',
  reason: null,
  rules: [],
  revision: null,
  decisions: [],
  failures: [],
  detectors: { toxicity: '1' },
  profile,
}

/** What is told of a call whose texts were decided on so, one after the other. */
function told(decided: readonly ContentDecision[]): unknown {
  const principal = { id: 'k1', kind: 'api-key', group: 'public' } as const
  const record = new ContentRecord({
    call: { requestId: 'r1', principal, api: 'messages' },
    direction: 'outbound',
    profile,
  })
  for (const each of decided) record.add(each)
  return record.notice()
}

describe('what is told of several decisions about one call', () => {
  const masked: ContentDecision = { ...nothingFound, action: 'mask', revision: 'rules-1' }

  it.each([
    ['before a stretch in which nothing is found', [masked, nothingFound]],
    ['behind one', [nothingFound, masked]],
  ])('has the revision of the rules that were asked %s', (_, decided) => {
    expect(told(decided)).toMatchObject({ action: 'mask', revision: 'rules-1' })
  })
})
