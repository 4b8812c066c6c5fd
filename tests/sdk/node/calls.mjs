// The official Node SDK, called by the tests: one JSON request a line on stdin, one JSON answer a line on stdout.
//
// {client, config, method, args}  calls that method of a new client; {error} tells what the SDK throws.
// {methods: true}                 names the methods of every client class.
// {signature: {…}}                asks the SDK's validator.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import * as line from "@line/bot-sdk";

const classes = Object.fromEntries(
  Object.values(line)
    .flatMap((namespace) => Object.entries(namespace))
    .filter(([name, value]) => /Client$/.test(name) && typeof value === "function"),
);

const make = (client, config) =>
  client === "LineBotClient" ? line.LineBotClient.fromChannelAccessToken(config) : new classes[client](config);

const methodsOf = (type) =>
  Object.getOwnPropertyNames(type.prototype).filter(
    (name) =>
      name !== "constructor" && typeof Object.getOwnPropertyDescriptor(type.prototype, name).value === "function",
  );

// What JSON can't hold comes in as {$blob} or {$set}.
function fromJson(value) {
  if (value?.$blob !== undefined) return new Blob([Buffer.from(value.$blob, "base64")], { type: value.type });
  if (value?.$set !== undefined) return new Set(value.$set);
  return value;
}

async function toJson(value) {
  if (value instanceof Readable) return { $base64: Buffer.concat(await value.toArray()).toString("base64") };
  if (value?.httpResponse instanceof Response) {
    const { status, headers } = value.httpResponse;
    return { status, headers: Object.fromEntries(headers), body: await toJson(value.body) };
  }
  return value ?? null;
}

function thrown(error) {
  const { name, message, status, statusText, body, headers } = error;
  const type = error.constructor.name;
  return { type, name, message, status, statusText, body, headers: headers && Object.fromEntries(headers) };
}

async function answer(request) {
  if (request.methods) {
    const found = { ...classes, LineBotClient: Object.getPrototypeOf(line.LineBotClient) };
    return Object.fromEntries(Object.entries(found).map(([name, type]) => [name, methodsOf(type)]));
  }
  if (request.signature) {
    const { body, secret, signature } = request.signature;
    return line.validateSignature(Buffer.from(body, "base64"), secret, signature);
  }
  const client = make(request.client, request.config);
  return toJson(await client[request.method](...request.args.map(fromJson)));
}

for await (const text of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(text)).then(
    (value) => ({ value }),
    (error) => ({ error: thrown(error) }),
  );
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
