import type { Promises } from '../requirements.ts'

/** What docs/clients.md promises of OpenAI Responses. */
export const responsesPromises = {
  'docs/clients.md#openai-responses': {
    'responses.events':
      'A stream has the events that OpenAI’s has for its code interpreter and its remote tools, in their order, numbered from 0.',
    'responses.resume':
      'A stream that is taken up from a number has the events that it would have had; a number that never was is an error.',
    'responses.plan':
      'A plan is a summary of reasoning, which the unchanged clients of OpenAI, the AI SDK and LangChain take and send back.',
    'responses.background': 'A response in the background goes on behind its answer, and can be read and cancelled.',
    'responses.interrupted': 'A response of a killed process ends as failed, and has all that it had finished.',
    'responses.one-writer': 'In one conversation one response goes on at a time.',
    'responses.own': 'A response, its items and its files are nobody else’s.',
    'responses.bounds':
      'A response is bounded in words and in calls of tools as it is asked to be; of a long conversation the last part alone is read.',
    'responses.approvals':
      'A response waits for somebody to allow a call as long as it is asked to, and its stream tells of it by an event without a number.',
    'responses.failures': 'What broke off says so in its text, in its status, and in the event that its clients read.',
    'responses.clients': 'The unchanged clients of OpenAI, the AI SDK and LangChain take it as they take OpenAI’s.',
  },
  'docs/clients.md#containers': {
    'containers.clients':
      'The unchanged clients of OpenAI make containers, give them files, run in them over several responses, and read what was made there.',
    'containers.lost': 'A container whose sandbox was lost says so, and its next sandbox has the files that are kept.',
    'containers.restart':
      'A container outlives its process: it is there with its files, says that a sandbox was lost, and goes on in whichever process is asked next.',
    'containers.deleted-elsewhere':
      'A process closes the session of a container that another one has deleted, or goes on with, without being asked for it again.',
    'containers.expiry':
      'A container expires when it was unused for as long as it says, or is too old, with what was given to it alone; it says so.',
    'containers.own': 'A container and its files are nobody else’s.',
    'containers.programs':
      'A program of its owner’s own runs in a container that it names, with the variables and files of the responses before it.',
  },
} as const satisfies Promises
