import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { afterAll, describe, expect, it } from 'vitest'
import { WalledMediaChecker } from '../../src/media/media-checker.ts'
import { guardedService } from '../support/endpoints/guarded-service.ts'
import { shapes, startClassifier } from '../support/endpoints/image-classifier.ts'
import { verifies } from '../support/verifies.ts'

const classifier = await startClassifier()
const isThere = typeof classifier !== 'string'

interface Counts {
  readonly received: number
  readonly classified: number
  readonly failed: number
}

describe.skipIf(!isThere)(
  `the example of a naive classifier${isThere ? '' : `, which is not here: ${classifier}`}`,
  () => {
    if (!isThere) return
    afterAll(() => classifier[Symbol.asyncDispose]())
    const { origin, key } = classifier
    const post = (body: string | FormData, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`${origin}/classify`, { method: 'POST', body, headers: { 'x-api-key': key, ...headers } })
    const json = (value: unknown) => post(JSON.stringify(value), { 'content-type': 'application/json' })
    const star = () => classifier.draw([{ shape: 'star', format: 'PNG', seed: 1 }])[0]?.toString('base64')
    const counts = async () => (await (await fetch(`${origin}/counts`)).json()) as Counts

    it('tells shapes of pictures that it has not seen, in forms and in JSON', async () => {
      let right = 0
      const formats = ['PNG', 'JPEG', 'WEBP'] as const
      const wanted = formats.flatMap((format) => shapes.map((shape) => ({ shape, format, seed: 7_000 })))
      for (const [index, picture] of classifier.draw(wanted).entries()) {
        const form = new FormData()
        form.set('image', new Blob([new Uint8Array(picture)]), 'picture')
        const answers = await Promise.all([post(form), json({ image: picture.toString('base64') })])
        const [one, other] = await Promise.all(answers.map((answer) => answer.json()))
        expect(one).toEqual(other)
        const { shapes: told } = one as { readonly shapes: readonly { readonly shape: string }[] }
        expect(told).toHaveLength(3)
        if (told[0]?.shape === wanted[index]?.shape) right += 1
      }
      // 93 of 100 by the training: fourteen of eighteen is far below.
      expect(right).toBeGreaterThanOrEqual(14)
    })

    it.each<[string, () => Promise<Response>]>([
      ['no JSON', () => post('{', { 'content-type': 'application/json' })],
      ['JSON of another form', () => json([])],
      ['no picture', () => json({})],
      ['no base64', () => json({ image: 5 })],
      ['no picture in the base64', () => json({ image: 'aGVsbG8=' })],
      ['a count that is none', () => json({ image: star(), top: 'x' })],
      ['no type of content', () => fetch(`${origin}/classify`, { method: 'POST', headers: { 'x-api-key': key } })],
      ['no key', () => fetch(`${origin}/classify`, { method: 'POST', headers: { 'content-type': 'text/plain' } })],
    ])(
      'answers %s with an error of its own, or with a page of HTML, and never says what was wrong',
      async (_what, ask) => {
        const answer = await ask()
        expect([400, 500]).toContain(answer.status)
        expect(await answer.text()).toContain('<!doctype html>')
      },
    )

    it('is served whole behind a guarded endpoint, by forms and by JSON, and what is no picture does not reach it', async () => {
      verifies('endpoints.forms')
      await using media = new WalledMediaChecker({
        processes: 1,
        waiting: 8,
        picturesPerProcess: 1_000,
        deadlineMilliseconds: 60_000,
        memoryMegabytes: 512,
      })
      const document = parse(readFileSync('docs/examples/image-classifier/openapi.yaml', 'utf8')) as object
      await using guarded = await guardedService({ document, media, settings: { base_url: origin, api_key: key } })
      const sendForm = async (picture: Buffer, top: string): Promise<Response> => {
        const form = new FormData()
        form.set('top', top)
        form.set('image', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'a.png')
        const written = new Response(form)
        const headers = { 'content-type': written.headers.get('content-type') ?? '' }
        return guarded.call(Buffer.from(await written.arrayBuffer()), headers, '/classify')
      }
      const [picture = Buffer.alloc(0)] = classifier.draw([{ shape: 'star', format: 'PNG', seed: 7_000 }])
      const [form, inJson] = await Promise.all([
        sendForm(picture, '2'),
        guarded.call({ image: picture.toString('base64'), top: 2 }, {}, '/classify'),
      ])
      expect([form.status, inJson.status]).toEqual([200, 200])
      const told = (await form.json()) as { readonly shapes: readonly object[] }
      expect(told.shapes).toHaveLength(2)
      expect(await inJson.json()).toEqual(told)
      const before = await counts()
      const refused = await Promise.all([
        sendForm(picture.subarray(0, 60), '2'),
        sendForm(picture, '7'),
        sendForm(Buffer.from('hello'), '2'),
        guarded.call({ image: 'aGVsbG8=' }, {}, '/classify'),
      ])
      expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400])
      expect(await counts()).toEqual(before)
    })

    it('lets what is no picture reach its model', async () => {
      const before = await counts()
      await json({ image: 'aGVsbG8=' })
      const after = await counts()
      expect([after.received - before.received, after.failed - before.failed]).toEqual([1, 1])
    })
  },
)
