import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { serve } from '../support/cli/sallyport-process.ts'
import { documentFile, documentWith } from '../support/endpoints/document.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** What becomes of a picture at a service whose decoders are set so; nothing listens behind it. */
async function answerWith(decoders: object, picture: Buffer): Promise<{ status: number; detail: string }> {
  const file = join(temporaryFolder('sallyport-decoders-'), 'sallyport.yaml')
  const document = documentFile(
    documentWith({ operation: { requestBody: { required: true, content: { 'image/jpeg': {} } } } }),
  )
  const endpoints = { classifier: { document, base_url: 'http://127.0.0.1:1' } }
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      decoders,
      endpoints,
      gateway: { groups: { default: { models: [], endpoints: ['classifier'] } } },
    }),
  )
  await using served = await serve({ SALLYPORT_CONFIG: file, SALLYPORT_TELEMETRY_LOG_LEVEL: 'fatal' })
  const answered = await fetch(`${served.url}/endpoints/classifier/predict`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.key}`, 'content-type': 'image/jpeg' },
    body: new Uint8Array(picture),
  })
  const { detail } = (await answered.json()) as { readonly detail: string }
  return { status: answered.status, detail }
}

it('a picture has as much memory to be decoded in as decoders.memory_mb says, and is told so', async () => {
  verifies('media.settings')
  const grain = { type: 'gaussian', mean: 128, sigma: 2 } as const
  const picture = await sharp({
    create: { width: 4_000, height: 4_000, channels: 3, background: '#777', noise: grain },
  })
    .jpeg({ progressive: true })
    .toBuffer()
  expect(await answerWith({ memory_mb: 64, processes: 1 }, picture)).toEqual({
    status: 400,
    detail: expect.stringContaining('takes more memory than a decoder may use') as string,
  })
  // With the usual memory it is decoded and sent, where nobody listens.
  expect(await answerWith({}, picture)).toMatchObject({ status: 502 })
})
