import type { ServerResponse } from 'node:http'

/**
 * Closes the connection of a reader who, once an answer is written to its end, takes nothing of what is left of it for
 * `stallMilliseconds`; `onStall` is told before. However little of it is taken at a time, the reader is waited for: the socket
 * itself looks at how much of a write is on its way (`net.Socket.setTimeout`). What is written before its end is for
 * `writeToReader`.
 */
export function letGoOfUnread(response: ServerResponse, stallMilliseconds: number, onStall: () => void): void {
  response.once('prefinish', () => {
    if ((response.socket?.writableLength ?? 0) === 0) return
    // The server sets another time for the connection when the answer has left.
    response.setTimeout(stallMilliseconds, () => {
      onStall()
      response.destroy()
    })
  })
}
