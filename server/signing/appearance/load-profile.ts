import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { AppearanceError } from './errors.ts';
import { AppearanceProfile } from './profile.ts';
import { profileNames } from './profile-names.ts';
import free from './profiles/free.json' with { type: 'json' };
import attachment from './profiles/nd30-attachment.json' with { type: 'json' };
import copy from './profiles/nd30-copy.json' with { type: 'json' };
import organization from './profiles/nd30-organization.json' with { type: 'json' };
import organizationText from './profiles/nd30-organization-text.json' with { type: 'json' };
import personal from './profiles/nd30-personal.json' with { type: 'json' };
import none from './profiles/none.json' with { type: 'json' };

const ajv = new Ajv2020({ allErrors: true, strict: false });
ajvFormats.default(ajv);
const check = ajv.compile<AppearanceProfile>(AppearanceProfile);

/** A profile of 64 KB says nothing that one of 2 KB could not. */
export const maxProfileBytes = 64 * 1024;
const maxProblems = 20;

const shipped = new Map(
  [personal, organization, organizationText, attachment, copy, free, none].map((profile) => {
    const checked = checkProfile(profile);
    return [checked.name, checked] as const;
  }),
);

/** A profile that ships. @throws AppearanceError `signing.appearance_unknown` */
export function profileByName(name: string): AppearanceProfile {
  const profile = shipped.get(name);
  if (profile) return profile;
  throw new AppearanceError('signing.appearance_unknown', `no profile ${name.slice(0, 40)}`, {
    details: { known: profileNames },
  });
}

/** A profile from a file of the user's. @throws AppearanceError `signing.appearance_invalid`: `details.problems` name the places. */
export function parseProfile(text: string): AppearanceProfile {
  if (Buffer.byteLength(text) > maxProfileBytes) throw invalid([`over ${maxProfileBytes} bytes`]);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw invalid(['not JSON']);
  }
  return checkProfile(value);
}

function checkProfile(value: unknown): AppearanceProfile {
  if (!check(value)) throw invalid((check.errors ?? []).slice(0, maxProblems).map(problem));
  const problems = [
    ...(value.text && value.text.smallest > value.text.size
      ? ['/text/smallest: larger than /text/size']
      : []),
    ...(value.image && value.image.dock !== 'fill' && value.image.length === undefined
      ? ['/image/length: needed when the image does not fill the box']
      : []),
    ...(value.qr?.dock === 'fill' ? ['/qr/dock: a QR code stands beside something'] : []),
    ...(Object.keys(value.place ?? {}).filter((key) => ['anchor', 'cover', 'corner'].includes(key)).length > 1
      ? ['/place: one of anchor, cover and corner']
      : []),
    ...(value.size === undefined && (value.text || value.qr || value.frame || value.image)
      ? ['/size: needed by what is shown']
      : []),
  ];
  if (problems.length > 0) throw invalid(problems);
  return value;
}

function problem({ instancePath, keyword, params, message }: ErrorObject): string {
  const given: Record<string, unknown> = params;
  const path =
    keyword === 'additionalProperties' ? `${instancePath}/${given.additionalProperty}` : instancePath;
  const allowed = keyword === 'enum' ? `: ${JSON.stringify(given.allowedValues)}` : '';
  return `${path === '' ? '/' : path}: ${message ?? keyword}${allowed}`.slice(0, 300);
}

const invalid = (problems: readonly string[]): AppearanceError =>
  new AppearanceError('signing.appearance_invalid', problems.join('; '), { details: { problems } });
