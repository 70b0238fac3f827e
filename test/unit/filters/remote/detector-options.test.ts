import { describe, expect, it } from 'vitest'
import { detectorOptions, detectorsOptions } from '../../../../src/filters/remote/detector-options.ts'
import { createRemoteDetectors } from '../../../../src/filters/remote/detectors.ts'

const url = 'http://127.0.0.1:8000/v1'
const moderation = { kind: 'moderation', url }
const guard = { kind: 'judge', url, model: 'guard', verdict: 'llama-guard' }
const scores = {
  kind: 'judge',
  url,
  model: 'm',
  verdict: 'scores',
  prompt: 'Judge.',
  categories: { rude: 'guard/rude' },
}
const nemo = { kind: 'nemo', url, config_id: 'words' }
const webhook = { kind: 'webhook', url, categories: ['guard/threat'] }

describe('the options of a detector', () => {
  it.each([moderation, guard, scores, nemo, webhook])('need no more than $kind', (options) => {
    expect(detectorOptions.safeParse(options).error).toBeUndefined()
  })

  it.each<readonly [string, object, RegExp]>([
    ['another kind', { kind: 'oracle', url }, /kind/],
    ['no address', { kind: 'moderation' }, /url/],
    ['a file', { ...moderation, url: 'file:///etc/passwd' }, /url/],
    ['a user in the address', { ...webhook, url: 'https://kim:secret@example.test/' }, /user, query or fragment/],
    ['a query', { ...webhook, url: `${url}?key=1` }, /user, query or fragment/],
    ['no time', { ...nemo, deadline_ms: 0 }, /deadline_ms/],
    ['a word that is not there', { ...nemo, rails: ['input'] }, /rails/],
    ['a category that OpenAI does not have', { ...moderation, categories: { rudeness: 'guard/rude' } }, /categories/],
    ['a category of another form', { ...moderation, categories: { hate: 'Hate Speech' } }, /a category like/],
    ['a lower score than any', { ...moderation, minimum_score: -1 }, /minimum_score/],
    ['no model', { ...guard, model: undefined }, /model/],
    ['a code that Llama Guard does not have', { ...guard, categories: { S15: 'guard/x' } }, /S1 to S14, and not S15/],
    ['a prompt for Llama Guard', { ...guard, prompt: 'Judge.' }, /goes with verdict: scores alone/],
    ['no prompt for scores', { ...scores, prompt: null }, /is needed with verdict: scores/],
    ['no categories for scores', { ...scores, categories: {} }, /has to name what is scored/],
    ['a word that is scored for nothing', { ...scores, categories: { rude: null } }, /one of ours for every word/],
    ['a word that is no word', { ...scores, categories: { '"rude"': 'guard/rude' } }, /a code like S10, or a word/],
    ['a template for scores', { ...scores, template: 'sent' }, /goes with verdict: llama-guard alone/],
    ['a way out of the configurations', { ...nemo, config_id: '../words' }, /the name of a configuration/],
    ['dots alone', { ...nemo, config_id: 'a..b' }, /the name of a configuration/],
    ['a webhook that reports nothing', { ...webhook, categories: [] }, /categories/],
  ])('refuse %s', (_name, options, says) => {
    const { error } = detectorOptions.safeParse(options)
    expect(JSON.stringify(error?.issues)).toMatch(says)
  })

  it('have names in small letters', () => {
    expect(detectorsOptions.safeParse({ guard }).success).toBe(true)
    for (const name of ['Guard', 'guard1', 'gu@rd', '']) {
      expect(detectorsOptions.safeParse({ [name]: guard }).success).toBe(false)
    }
  })

  it('keep keys from being shown', () => {
    const options = detectorOptions.parse({ ...webhook, key: 'k-1234', signing_key: 's-1234' })
    expect(JSON.stringify(options)).not.toMatch(/1234/)
  })
})

describe('what detectors may report', () => {
  const of = (options: object) => createRemoteDetectors(detectorsOptions.parse({ guard: options }))[0]?.categories

  it('is what their kind has, changed and left out as configured', () => {
    expect(of(moderation)).toEqual([
      'toxicity/harassment',
      'toxicity/hate',
      'guard/illicit',
      'toxicity/self-harm',
      'toxicity/sexual',
      'toxicity/violence',
    ])
    const less = { hate: 'guard/contempt', 'hate/threatening': null, illicit: null, 'illicit/violent': null }
    expect(of({ ...moderation, categories: less })).toContain('guard/contempt')
    expect(of({ ...moderation, categories: less })).not.toContain('guard/illicit')
    expect(of(guard)).toContain('toxicity/hate')
    expect(of({ ...guard, categories: { S10: null, S13: 'guard/votes' } })).not.toContain('toxicity/hate')
    expect(of({ ...guard, categories: { S13: 'guard/votes' } })).toContain('guard/votes')
    expect(of(scores)).toEqual(['guard/rude'])
    expect(of(nemo)).toEqual(['guard/blocked', 'guard/changed'])
    expect(of({ ...nemo, category: 'guard/a', categories: { 'a rail': 'guard/b' }, changed_category: null })).toEqual([
      'guard/a',
      'guard/b',
    ])
    expect(of(webhook)).toEqual(['guard/threat'])
  })
})
