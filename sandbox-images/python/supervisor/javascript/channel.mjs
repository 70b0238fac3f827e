// The worker's end of its channel: frames as wire.py describes them, without a nonce, over descriptor 3.
import { Socket } from 'node:net'

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

export class Channel {
  #socket
  #buffer = Buffer.alloc(0)

  /** @param {(message: {type: string, [key: string]: unknown}) => void} onMessage */
  constructor(onMessage) {
    this.#socket = new Socket({ fd: 3, readable: true, writable: true })
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

  #cut(onMessage) {
    while (this.#buffer.length >= 4) {
      const size = this.#buffer.readUInt32BE(0)
      if (size < 1 || size > maximumFrame) process.reallyExit(70)
      if (this.#buffer.length < 4 + size) return
      const message = JSON.parse(this.#buffer.toString('utf8', 5, 4 + size))
      this.#buffer = this.#buffer.subarray(4 + size)
      onMessage(message)
    }
  }
}
