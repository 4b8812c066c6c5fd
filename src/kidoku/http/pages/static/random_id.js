// Names that nothing else has. Not `crypto.randomUUID`: it is missing where a page came by plain http from elsewhere.

const random = () => crypto.getRandomValues(new Uint8Array(16));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** 32 hexadecimal digits. */
export const randomId = () => hex(random());

/** A UUID, of version 4. */
export function randomUuid() {
  const bytes = random();
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
