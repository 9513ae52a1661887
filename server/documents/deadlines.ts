import { addWorkingTime, countingStart } from '../calendar/add-working-time.ts';
import { CalendarError } from '../calendar/errors.ts';
import type { WorkingCalendar } from '../calendar/working-calendar.ts';
import type { Context } from '../workflow/instance.ts';

/**
 * Deadlines as the engine asks for them. A process counts from the cut-off hour, a step from the minute it begins. Where
 * the calendar is not maintained there is no deadline, and the reason is kept in its place.
 */
export const deadlines =
  (calendar: WorkingCalendar): Context['due'] =>
  (start, limit, of) => {
    try {
      const begin = of === 'process' ? countingStart(calendar, start) : start;
      return { due: addWorkingTime(calendar, begin, limit) };
    } catch (error) {
      if (error instanceof CalendarError) return { problem: error.code };
      throw error;
    }
  };
