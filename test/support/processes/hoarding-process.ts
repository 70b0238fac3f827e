// A child for the tests of the wall: it takes so many megabytes, and says so when it has them.

const megabytes = Number(process.argv[2])
const hoard = Array.from({ length: megabytes }, () => Buffer.alloc(1_048_576, 1))
process.send?.(hoard.length)
process.disconnect?.()
