/** How long a value may be waited for at most: documents, certificates and revocation lists move on. */
export const LONGEST_WAIT_DAYS = 30;
