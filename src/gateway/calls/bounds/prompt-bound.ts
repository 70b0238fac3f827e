import type { PromptCounting } from '../../../core/model-call.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'
import type { CountText } from './text-counter.ts'

/** The most input tokens that a body may be for its model. */
export interface PromptBound {
  readonly tokens: number
  /** May it be more, by what is not in the body: a file whose text is packed, something that the provider keeps? */
  readonly isOpen: boolean
}

export interface PromptCounter extends Pick<PromptCounting, 'pictureTokens'> {
  readonly countText: CountText
  /** Do numbers of the body stand for one token each, as in the input of embeddings? */
  readonly numbersAreTokens: boolean
}

/**
 * For each object of a body: what sets a message, a part or a tool off from the next. OpenAI documents three for a message
 * and one for its name, up to twelve for a function (cookbook.openai.com, "How to count tokens with tiktoken").
 */
const tokensPerObject = 4
const tokensPerPrompt = 16

/**
 * What a provider says of its own accord where tools are named, and for each tool that it describes itself: Anthropic
 * documents up to 530 and 735 (docs.claude.com, "Tool use", "Pricing").
 */
const tokensForTools = 1_000
const tokensForOwnTool = 1_000

/** Ten tokens a second at no less than a kilobit a second of sound, as base64 (OpenAI: a token for 100 ms). */
const soundCharactersPerToken = 16

const pictureTypes: ReadonlySet<unknown> = new Set(['image_url', 'input_image', 'image', 'computer_screenshot'])
/** Of tools that their callers describe; one without a type is as well. */
const callersTypes: ReadonlySet<unknown> = new Set([undefined, 'function', 'custom'])
const fileTypes: ReadonlySet<unknown> = new Set(['file', 'input_file', 'document', 'container_upload', 'video_url'])

/**
 * Counts every text of a body, whatever member it stands in, since all of it may reach the model, and what a provider puts
 * around it. Pictures and sound count by what their provider documents and not by their bytes.
 */
export function promptBoundOf(body: JsonObject, counter: PromptCounter): PromptBound {
  const walk = new BodyWalk(counter)
  walk.visit(body)
  walk.tokens += tokensPerPrompt
  return { tokens: walk.tokens, isOpen: walk.isOpen }
}

class BodyWalk {
  readonly #counter: PromptCounter
  tokens = 0
  isOpen = false

  constructor(counter: PromptCounter) {
    this.#counter = counter
  }

  visit(value: unknown): void {
    if (typeof value === 'string') this.tokens += this.#counter.countText(value)
    else if (typeof value === 'number' && this.#counter.numbersAreTokens) this.tokens += 1
    else if (Array.isArray(value)) for (const element of value) this.visit(element)
    else if (isObject(value)) this.#visitObject(value)
    else this.tokens += String(value).length
  }

  #visitObject(object: JsonObject): void {
    this.tokens += tokensPerObject
    const type = object['type']
    const isPicture = pictureTypes.has(type)
    if (fileTypes.has(type) && !isPlainDocument(object)) this.isOpen = true
    for (const [name, value] of Object.entries(object)) {
      this.tokens += this.#counter.countText(name)
      if (name === 'tools' && Array.isArray(value)) this.#countTools(value)
      if (isPicture && this.#isPictureIn(name, value)) this.tokens += this.#counter.pictureTokens
      else if (type === 'input_audio' && isSound(name, value)) {
        this.tokens += Math.ceil(value.data.length / soundCharactersPerToken)
      } else this.visit(value)
    }
  }

  #countTools(tools: readonly unknown[]): void {
    if (tools.length === 0) return
    this.tokens += tokensForTools
    const own = tools.filter((tool) => isObject(tool) && !callersTypes.has(tool['type']))
    this.tokens += tokensForOwnTool * own.length
  }

  #isPictureIn(name: string, value: unknown): boolean {
    if (name === 'image_url') return isPictureAddress(isObject(value) ? value['url'] : value)
    // Anthropic: { type: 'image', source: { type: 'base64', media_type: 'image/png', data } }.
    if (name !== 'source' || !isObject(value)) return name === 'file_id'
    return value['type'] !== 'base64' || String(value['media_type']).startsWith('image/')
  }
}

/** Whatever else stands where a picture is expected counts as text. */
function isPictureAddress(value: unknown): boolean {
  return typeof value === 'string' && /^(?:data:image\/|https?:\/\/)/i.test(value)
}

function isSound(name: string, value: unknown): value is { readonly data: string } {
  return name === 'input_audio' && isObject(value) && typeof value['data'] === 'string'
}

/** Anthropic's documents may be texts, which are in the body as they are read. */
function isPlainDocument({ type, source }: JsonObject): boolean {
  return type === 'document' && isObject(source) && (source['type'] === 'text' || source['type'] === 'content')
}
