import { describe, expect, it } from 'vitest'
import { answerDocument, documentOf } from '../../../../../src/gateway/privacy/restore/answer-document.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('JSON that came from an upstream', () => {
  it('is read, to a depth that is said where it is deeper', () => {
    expect(answerDocument('{"a":1}').text).toBe('{"a":1}')
    expect(answerDocument(nested(513)).text).toHaveLength(1_026)
    expect(() => answerDocument(nested(514))).toThrow(
      expect.objectContaining({
        code: 'model-protocol',
        message: 'The upstream answered JSON that is nested more than 512 deep.',
      }),
    )
  })

  it('is none where it is too deep, for whoever can do without it', () => {
    expect(documentOf(nested(513))?.text).toHaveLength(1_026)
    expect(documentOf(nested(514))).toBeNull()
  })

  it('with a name that cannot be read is no document of any kind', () => {
    expect(() => documentOf('{"\\x":1}')).toThrow(SyntaxError)
    expect(() => answerDocument('{"\\x":1}')).toThrow(SyntaxError)
  })
})
