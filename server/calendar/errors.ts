import { CodedError, type ErrorText } from '../errors/coded-error.ts';

export const calendarErrors = {
  'calendar.not_maintained': {
    status: 409,
    vi: 'Lịch làm việc của năm này chưa được cập nhật nên không tính được thời hạn; hãy đề nghị quản trị viên cập nhật lịch.',
    en: 'The working calendar of that year is not maintained, so no deadline can be counted in it; ask an administrator to complete it.',
  },
  'calendar.bad_time': {
    status: 422,
    vi: 'Thời điểm hoặc thời hạn không hợp lệ.',
    en: 'The instant or the time limit is not usable.',
  },
  'calendar.bad_data': {
    status: 422,
    vi: 'Dữ liệu lịch làm việc có lỗi.',
    en: 'The calendar data contradicts itself.',
  },
} as const satisfies Record<string, ErrorText>;

export type CalendarErrorCode = keyof typeof calendarErrors;
export class CalendarError extends CodedError<CalendarErrorCode> {}
