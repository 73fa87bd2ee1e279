/** The passwords that guessing tools try first (PROTECTIONS section 5, pop3-weak-password, w5). Lower case. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  (
    'password passw0rd p@ssw0rd 123456 1234567 12345678 123456789 1234567890 12345 1234 123123 111111 000000 666666 ' +
    '888888 654321 qwerty qwertyuiop qwe123 1q2w3e4r 1qaz2wsx abc123 a1b2c3 iloveyou admin administrator root toor ' +
    'test testing guest user demo default changeme letmein welcome welcome1 secret master monkey dragon football ' +
    'baseball sunshine princess shadow superman michael login access mail email postmaster webmaster support info ' +
    'office sales backup service server pass pass123 temp temp123 company hello freedom whatever trustno1 zaq12wsx ' +
    'asdfgh asdf1234 google internet summer winter spring autumn'
  ).split(' '),
);

/** Seasons and months as they stand before a year (w8). */
export const SEASONS_AND_MONTHS: readonly string[] = (
  'spring summer autumn fall winter january february march april may june july august september october november ' +
  'december jan feb mar apr jun jul aug sep sept oct nov dec'
).split(' ');

/** Rows of keyboards, the digits and the alphabet (w6); each is also read backwards. */
export const KEY_RUNS: readonly string[] = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1234567890',
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
];
