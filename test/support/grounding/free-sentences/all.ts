import type { FreeSentence } from '../free-sentence.ts'
import { sentencesAboutDataAnalyses } from './data-analyses.ts'
import { sentencesAboutMoneyAndVotes } from './money-and-votes.ts'
import { sentencesAboutPlaces } from './places.ts'
import { sentencesAboutSports } from './sports.ts'

/** 246 sentences about 31 tables of TabFact and DABench; who wrote them had not seen the checker, which was not there yet. */
export const freeSentences: readonly FreeSentence[] = [
  ...sentencesAboutDataAnalyses,
  ...sentencesAboutMoneyAndVotes,
  ...sentencesAboutPlaces,
  ...sentencesAboutSports,
]
