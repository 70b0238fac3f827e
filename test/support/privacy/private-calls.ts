import { createSecretKey } from 'node:crypto'
import { maskBody, type MaskOptions } from '../../../src/gateway/privacy/mask/mask-body.ts'
import { createDetect } from '../../../src/gateway/privacy/detect/detect.ts'
import { createDetectorsFor } from '../../../src/gateway/privacy/detect/detectors.ts'
import { privacyOptions } from '../../../src/gateway/privacy/profiles/options.ts'
import type { JsonObject } from '../../../src/gateway/apis/api.ts'
import { surrogateFormsOf } from '../../../src/gateway/privacy/surrogates/asked-forms.ts'
import { positionsOf } from '../../../src/gateway/privacy/positions/api-positions.ts'
import type { ApiPositions } from '../../../src/gateway/privacy/positions/position.ts'
import type { ModelApi } from '../../../src/core/model-call.ts'
import { Labels } from '../../../src/gateway/privacy/tokens/labels.ts'
import { Spellings } from '../../../src/gateway/privacy/tokens/spellings.ts'
import { TokenBook } from '../../../src/gateway/privacy/tokens/token-book.ts'

export const labels = new Labels()
export const spellings = new Spellings(labels.all)
const detectorsFor = createDetectorsFor(privacyOptions.parse({}))

export const bookWith = (key: number): TokenBook => new TokenBook(createSecretKey(Buffer.alloc(32, key)), labels)

interface MaskedForTest {
  readonly body: string
  readonly book: TokenBook
  readonly masked: Awaited<ReturnType<typeof maskBody>>
}

export interface MaskForTestOptions extends Partial<
  Pick<
    MaskOptions,
    'by' | 'lateFinds' | 'unread' | 'places' | 'book' | 'detect' | 'labels' | 'spellings' | 'surrogates'
  >
> {
  readonly profile?: object
  /** In the place of the table of the API. */
  readonly positions?: ApiPositions
  readonly level?: 'structured' | 'all'
}

/** A body as the real detectors and the real tables mask it. */
export async function maskForTest(
  api: ModelApi,
  body: unknown,
  { profile = {}, level = 'all', positions = positionsOf[api], ...options }: MaskForTestOptions = {},
): Promise<MaskedForTest> {
  const { default: usual } = privacyOptions.parse({ profiles: { default: profile } }).profiles
  if (usual === undefined) throw new Error('there is a default profile')
  const book = options.book ?? bookWith(1)
  const detect =
    options.detect ?? createDetect({ chain: detectorsFor(usual).chain, profile: usual, level, group: 'default' })
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const forms = { positions, choices: usual.surrogates, labels }
  const surrogates = surrogateFormsOf(JSON.parse(text) as JsonObject, forms)
  const common = {
    by: 'tokens',
    lateFinds: 'mask',
    unread: 'pass',
    places: 'pass',
    surrogates,
    spellings,
    labels,
  } as const
  const masked = await maskBody(text, positions, { ...common, ...options, detect, book }, AbortSignal.timeout(20_000))
  return { body: masked.body, book, masked }
}
