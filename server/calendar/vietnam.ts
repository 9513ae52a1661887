import year2024 from './data/vn-2024.json' with { type: 'json' };
import year2025 from './data/vn-2025.json' with { type: 'json' };
import year2026 from './data/vn-2026.json' with { type: 'json' };
import hours from './data/working-hours.json' with { type: 'json' };
import { type WorkingCalendar, workingCalendar } from './working-calendar.ts';

/** The calendar that ships: Vietnamese state agencies, the maintained years of `data/`. */
export const vietnamCalendar: WorkingCalendar = workingCalendar({
  ...hours,
  years: [year2024, year2025, year2026],
});
