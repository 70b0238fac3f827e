import type { Promises } from '../requirements.ts'

/** What docs/pictures.md promises. */
export const picturesPromises = {
  'docs/pictures.md#pictures': {
    'media.endpoint': 'A picture that is not taken is answered 400 with its code and reaches no endpoint.',
  },
  'docs/pictures.md#limits': {
    'media.limits': 'A picture above a limit is refused with the code of that limit.',
  },
  'docs/pictures.md#structure-first': {
    'media.structure-first': 'What its structure gives away is refused before any process starts.',
    'media.any-bytes': 'Whatever bytes come are answered with a verdict, and every cut picture is refused.',
  },
  'docs/pictures.md#drawn-anew': {
    'media.drawn-anew': 'A picture drawn anew is upright, sRGB, of 8 bits, and carries nothing else that came with it.',
  },
  'docs/pictures.md#as-it-is': {
    'media.as-is': 'A picture as it is has not one byte changed.',
    'media.read-alike': 'A picture as it is that programs read in different ways is refused.',
    'media.decoded-whole': 'A picture of which not all pixels decode is refused in both modes.',
  },
  'docs/pictures.md#the-process-that-decodes': {
    'media.wall':
      'A program behind the wall reaches no file of others, no network, no process, no variable, no namespace.',
    'media.settings': 'decoders says how many processes decode pictures, with how much memory and time.',
    'media.memory': 'A decoder that asks for more memory than it may have is lost with its picture alone.',
    'media.deadline': 'A decoder that takes too long is killed, and the next picture has a new one.',
    'media.queue': 'The queue before the decoders has an end, and callers take turns in it.',
    'media.worn': 'A worn decoder gives way to a new one, and none stays behind.',
    'media.no-wall': 'Where there is no wall nothing is decoded, and it is said what to do.',
  },
} as const satisfies Promises
