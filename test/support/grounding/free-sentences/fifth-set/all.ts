import type { AnalystAnswer } from './analyst-answer.ts'
import { answersAboutCompanies } from './counted/companies.ts'
import { answersAboutGrowthAndFlats } from './counted/growth-and-flats.ts'
import { answersAboutOperations } from './counted/operations.ts'
import { answersAboutTrialsAndStations } from './counted/trials-and-stations.ts'
import { answersAboutEnergyAndAdvertising } from './looked-at/energy-and-advertising.ts'
import { answersAboutHealthAndDelivery } from './looked-at/health-and-delivery.ts'
import { answersAboutPeopleAndSports } from './looked-at/people-and-sports.ts'
import { answersAboutSurveysLoansAndCities } from './looked-at/surveys-loans-and-cities.ts'
import { answersAboutTrade } from './looked-at/trade.ts'

/**
 * 240 answers of an analyst about results of its run, by somebody who has not read the checker, committed before it changed for them. Those of
 * one half may be looked at by whoever makes it better, with the results that they are about; the others are counted alone.
 */
export const fifthSet: Readonly<Record<'looked at' | 'counted alone', readonly AnalystAnswer[]>> = {
  'looked at': [
    ...answersAboutEnergyAndAdvertising,
    ...answersAboutHealthAndDelivery,
    ...answersAboutPeopleAndSports,
    ...answersAboutSurveysLoansAndCities,
    ...answersAboutTrade,
  ],
  'counted alone': [
    ...answersAboutCompanies,
    ...answersAboutGrowthAndFlats,
    ...answersAboutOperations,
    ...answersAboutTrialsAndStations,
  ],
}
