// The worker's end of its channel: frames as wire.py describes them, without a nonce, over descriptor 3.
import { readSync } from 'node:fs'
import { Socket } from 'node:net'

const descriptor = 3
const control = 0
const chunk = 1
const maximumChunk = 1 << 18
const maximumFrame = 1 << 20

/** @param {number} kind @param {Buffer} payload */
function pack(kind, payload) {
  const frame = Buffer.allocUnsafe(5 + payload.length)
  frame.writeUInt32BE(payload.length + 1, 0)
  frame[4] = kind
  payload.copy(frame, 5)
  return frame
}

/**
 * The first message and what follows it; null while it is not whole.
 * @param {Buffer} buffer
 * @returns {{message: {type: string, [key: string]: unknown}, rest: Buffer} | null}
 */
function takeFrom(buffer) {
  if (buffer.length < 4) return null
  const size = buffer.readUInt32BE(0)
  if (size < 1 || size > maximumFrame) process.reallyExit(70)
  if (buffer.length < 4 + size) return null
  return { message: JSON.parse(buffer.toString('utf8', 5, 4 + size)), rest: buffer.subarray(4 + size) }
}

export class Channel {
  #socket
  #buffer = Buffer.alloc(0)

  /** @param {(message: {type: string, [key: string]: unknown}) => void} onMessage */
  constructor(onMessage) {
    this.#socket = new Socket({ fd: descriptor, readable: true, writable: true })
    this.#socket.on('data', (data) => {
      this.#buffer = Buffer.concat([this.#buffer, data])
      this.#cut(onMessage)
    })
    // Without a supervisor there is nothing to do; an error here means the same.
    this.#socket.on('end', () => process.reallyExit(0))
    this.#socket.on('error', () => process.reallyExit(0))
  }

  /** While a cell runs the channel does not keep the process's event loop going, so that its end can be seen. */
  hold(held) {
    if (held) this.#socket.ref()
    else this.#socket.unref()
  }

  /** @param {object} message */
  send(message) {
    this.#socket.write(pack(control, Buffer.from(JSON.stringify(message))))
  }

  /** @param {object} item @param {boolean} main */
  sendItem(item, main) {
    const body = Buffer.from(JSON.stringify(item))
    this.send({ type: 'display', main, bytes: body.length })
    for (let start = 0; start < body.length; start += maximumChunk) {
      this.#socket.write(pack(chunk, body.subarray(start, start + maximumChunk)))
    }
    return body.length
  }

  /** Has the supervisor announced an interrupt of this cell already? Reads what is there, without waiting. */
  announces(id) {
    try {
      const piece = Buffer.alloc(1 << 16)
      for (let size = -1; size !== 0;) {
        size = readSync(descriptor, piece)
        this.#buffer = Buffer.concat([this.#buffer, piece.subarray(0, size)])
      }
    } catch {
      // Nothing more, or closed, which the socket hears of as well.
    }
    for (let next = takeFrom(this.#buffer); next !== null; next = takeFrom(next.rest)) {
      if (next.message.type === 'interrupt' && next.message.id === id) return true
    }
    return false
  }

  #cut(onMessage) {
    for (let next = takeFrom(this.#buffer); next !== null; next = takeFrom(this.#buffer)) {
      this.#buffer = next.rest
      onMessage(next.message)
    }
  }
}
