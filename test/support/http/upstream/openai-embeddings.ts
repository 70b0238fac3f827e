import type { CreateEmbeddingResponse } from 'openai/resources/embeddings'
import { laterMembers } from './provider-api.ts'
import { servedJson, type Served } from './served.ts'

export interface EmbeddingsRequest {
  readonly model: string
  readonly input: string | readonly unknown[]
  readonly encoding_format?: 'float' | 'base64'
  readonly dimensions?: number
}

/** Numbers that a float of 32 bits holds exactly, so that both encodings say the same. */
function vectorOf(index: number, dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, position) => (((index + 1) * (position + 3)) % 17) / 16 - 0.5)
}

function inBase64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64')
}

export function answerEmbeddings(request: EmbeddingsRequest, headers: Readonly<Record<string, string>>): Served {
  const isMany = Array.isArray(request.input) && typeof request.input[0] !== 'number'
  const vectors = Array.from({ length: isMany ? request.input.length : 1 }, (_, index) =>
    vectorOf(index, request.dimensions ?? 24),
  )
  const isBase64 = request.encoding_format === 'base64'
  const answer: Omit<CreateEmbeddingResponse, 'data'> = {
    object: 'list',
    model: request.model,
    usage: { prompt_tokens: 8, total_tokens: 8 },
  }
  const data = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: isBase64 ? inBase64(vector) : vector,
  }))
  return servedJson({ ...answer, data, ...laterMembers }, headers)
}
