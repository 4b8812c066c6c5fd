// Whose webhooks go to the desk whose inbox is shown here.

const LOCAL = new Set(['127.0.0.1', '[::1]', 'localhost']);

export function isServedBy({ webhook }, inboxUrl) {
  if (!webhook || !inboxUrl) return false;
  const [one, other] = [new URL(webhook), new URL(inboxUrl)];
  const sameName = one.hostname === other.hostname || (LOCAL.has(one.hostname) && LOCAL.has(other.hostname));
  return sameName && one.port === other.port;
}
