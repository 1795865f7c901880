import type { MrzReading } from '../../documents/mrz/reading.ts';

/**
 * A reading as `jointgate mrz --json` prints it: the fields of the documented object first, in its order, then what only
 * some documents have. Dates stay as printed; `documentCode` keeps its letters only.
 */
export function readingToJson(reading: MrzReading): Readonly<Record<string, unknown>> {
  const { format, valid, checks, problems, repairs, repairTo } = reading;
  if (reading.format === null) return { format, valid, checks, repairs, repairTo, problems };
  return {
    format,
    valid,
    documentCode: reading.documentCode,
    issuingState: reading.issuingState,
    documentNumber: reading.documentNumber,
    nationality: reading.nationality,
    birthDate: reading.birthDate,
    sex: reading.sex,
    expiryDate: reading.expiryDate,
    primaryIdentifier: reading.primaryIdentifier,
    secondaryIdentifier: reading.secondaryIdentifier,
    optionalData: reading.optionalData,
    nativeName: reading.nativeName,
    checks,
    repairs,
    problems,
    repairTo,
    birth: reading.birth,
    expiry: reading.expiry,
    ...(format === 'TD1' ? { optionalData2: reading.optionalData2 } : {}),
    ...(reading.longNumberInput === null ? {} : { longNumberInput: reading.longNumberInput }),
    ...(reading.permit ?? {}),
  };
}
