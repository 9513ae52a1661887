/** The profiles that ship, in the order in which people are told of them. */
export const profileNames: readonly string[] = [
  'nd30-personal',
  'nd30-organization',
  'nd30-organization-text',
  'nd30-attachment',
  'nd30-copy',
  'free',
  'none',
];
