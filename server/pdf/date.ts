/**
 * A date of ISO 32000-2 7.9.4 (`D:YYYYMMDDHHmmSSOHH'mm'`) as an instant, undefined when it is none. Without a zone it
 * is read as UTC.
 */
export function parsePdfDate(text: string): Date | undefined {
  const match =
    /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z(?:00'?(?:00'?)?)?|([+-])(\d\d)'?(?:(\d\d)'?)?)?$/.exec(
      text,
    );
  if (!match) return undefined;
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    sign,
    zh = '00',
    zm = '00',
  ] = match;
  const zone = sign === undefined ? 'Z' : `${sign}${zh}:${zm}`;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** An instant as a PDF date; `offsetMinutes` is the zone it is shown in (Việt Nam: 420). */
export function formatPdfDate(date: Date, offsetMinutes = 0): string {
  const local = new Date(date.getTime() + offsetMinutes * 60_000);
  const day = `${String(local.getUTCFullYear()).padStart(4, '0')}${two(local.getUTCMonth() + 1)}${two(local.getUTCDate())}`;
  const time = `${two(local.getUTCHours())}${two(local.getUTCMinutes())}${two(local.getUTCSeconds())}`;
  if (offsetMinutes === 0) return `D:${day}${time}Z`;
  const minutes = Math.abs(offsetMinutes);
  return `D:${day}${time}${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}'${two(minutes % 60)}'`;
}

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
