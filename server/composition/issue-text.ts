/** A document's number as printed: below ten with a leading zero (ND 30/2020, Appendix I, II.3). */
export function numberText(number: number): string {
  return String(number).padStart(2, '0');
}

/**
 * `ngày 05 tháng 01 năm 2026`: days below ten and the months January and February with a leading zero
 * (ND 30/2020, Appendix I, II.4).
 * @param day calendar day `YYYY-MM-DD` at the place of issue.
 */
export function dateText(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  const monthText = Number(month) <= 2 ? month : String(Number(month));
  return `ngày ${date} tháng ${monthText} năm ${year}`;
}
