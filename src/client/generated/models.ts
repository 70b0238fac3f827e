// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'

export interface Model {
  readonly id: string
  readonly object: 'model'
  readonly created: number
  readonly owned_by: string
}

export interface ModelsListAnswer {
  readonly object: 'list'
  readonly data: readonly Model[]
}

/** Of the operations `models.*`. */
export class Models {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The models that the key may ask, as OpenAI’s API lists them; as Anthropic’s with its header. */
  list(options: CallOptions = {}): Promise<ModelsListAnswer> {
    return this.#transport.json({ method: 'GET', path: '/v1/models' }, options)
  }

  /** One model. */
  show(id: string, options: CallOptions = {}): Promise<Model> {
    return this.#transport.json({ method: 'GET', path: `/v1/models/${segment(id)}` }, options)
  }
}
